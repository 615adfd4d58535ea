"""A Slurm cluster of one machine with four CPUs, on loopback, in a folder of its own."""

import os
import socket
import subprocess

from imnorm_test import wait_until

CONF = """
ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SchedulerParameters=sched_interval=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    """Ports of loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """`with Slurm(folder) as environment:` sbatch and its like work in that environment."""

    def __init__(self, folder):
        self.folder, self.daemons = folder, []

    def start(self, name, *command):
        log = open(self.folder / f"{name}.log", "wb")
        with log:
            self.daemons.append(
                subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
            )

    def __enter__(self):
        folder = self.folder
        for name in ("state", "spool"):
            (folder / name).mkdir(parents=True)
        folder.chmod(0o755)
        host = socket.gethostname().partition(".")[0]
        conf = folder / "slurm.conf"
        conf.write_text(CONF.format(folder=folder, host=host, ports=free_ports(2)))
        self.environment = {**os.environ, "SLURM_CONF": str(conf)}
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        files = [f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "seed")]
        self.start(
            "munged", "munged", "--foreground", "--force", *files,
            f"--log-file={folder}/munge.log", f"--socket={folder}/munge.socket",
        )  # fmt: skip
        try:
            wait_until((folder / "munge.socket").exists, self.daemons[-1])
            self.start("slurmctld", "slurmctld", "-D", "-f", conf)
            self.start("slurmd", "slurmd", "-D", "-f", conf, "-N", host)
            wait_until(lambda: "idle" in self.say("sinfo", "-h", "-o", "%T"), self.daemons[-1])
        except BaseException:
            self.__exit__()
            raise
        return {"SLURM_CONF": str(conf)}

    def say(self, *command):
        done = subprocess.run(command, env=self.environment, capture_output=True, encoding="utf-8")
        return done.stdout

    def __exit__(self, *_):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
