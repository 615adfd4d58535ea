"""What a disk may hold after a power failure: a run's operations as strace prints them, of which those
that no sync has brought to the disk are lost, torn or in another order."""

import re
from dataclasses import dataclass, field

TRACED = "openat,pwrite64,write,ftruncate,fallocate,fsync,fdatasync,fchmod,rename,renameat2,link,unlink,close"
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
SECTOR = 512


@dataclass
class Operation:
    kind: str  # create, rename, link, unlink: of the folder; write, truncate, chmod: of a file; sync
    inode: int = -1  # -1: the folder
    names: tuple = ()
    offset: int = 0
    data: bytes = b""
    mode: int = 0

    @property
    def of_folder(self):
        return self.kind in ("create", "rename", "link", "unlink")


@dataclass
class Recording:
    """A run in one folder: the files that stood there, as inodes 0, 1, ..., and what was done."""

    stored: dict  # name -> bytes
    operations: list = field(default_factory=list)

    def __post_init__(self):
        self.inodes = {name: number for number, name in enumerate(sorted(self.stored))}
        self.first = [self.stored[name] for name in sorted(self.stored)]
        self.count = len(self.first)

    def read(self, trace):
        """Takes up the lines of `strace -xx`; paths are relative to the folder."""
        names, opened = dict(self.inodes), {}
        with open(trace, errors="replace") as lines:
            for line in lines:
                found = LINE.match(line)
                if not found:
                    continue
                call, arguments, result = found.group(1), found.group(2), int(found.group(3))
                if result >= 0:
                    self.add(call, arguments, result, names, opened)
        return self

    def add(self, call, arguments, result, names, opened):
        texts = [
            bytes.fromhex(text.replace("\\x", "")) for text in STRING.findall(arguments)
        ]
        paths = [text.decode(errors="replace") for text in texts]
        numbers = [int(n) for n in re.findall(r"(?<![\w\"])(\d+)(?![\w\"])", STRING.sub("", arguments))]
        note = self.operations.append
        if call == "openat":
            opened.pop(result, None)
            if "O_TMPFILE" in arguments:
                return  # a file without a name is nowhere after a power failure
            if paths[0] == ".":
                opened[result] = -1
            elif "/" not in paths[0] and "O_CREAT" in arguments and paths[0] not in names:
                names[paths[0]], opened[result] = self.count, self.count
                mode = int(re.search(r", 0(\d+)$", arguments).group(1), 8) & ~0o022
                note(Operation("create", self.count, (paths[0],), mode=mode))
                self.count += 1
            elif paths[0] in names:
                opened[result] = names[paths[0]]
        elif call == "close":
            opened.pop(numbers[0], None)
        elif call in ("rename", "renameat2", "link") and paths[0] in names:
            inode = names[paths[0]] if call == "link" else names.pop(paths[0])
            names[paths[1]] = inode
            note(Operation("link" if call == "link" else "rename", inode, tuple(paths[:2])))
        elif call == "unlink" and paths[0] in names:
            note(Operation("unlink", names.pop(paths[0]), (paths[0],)))
        elif numbers and numbers[0] in opened:
            inode = opened[numbers[0]]
            if call == "pwrite64":
                note(Operation("write", inode, offset=numbers[-1], data=texts[0][:result]))
            elif call == "ftruncate":
                note(Operation("truncate", inode, offset=numbers[1]))
            elif call == "fallocate":
                note(Operation("reserve", inode, offset=numbers[-1]))
            elif call == "fchmod":
                note(Operation("chmod", inode, mode=int(re.search(r", 0(\d+)", arguments).group(1), 8)))
            elif call in ("fsync", "fdatasync"):
                note(Operation("sync", inode))

    def synced(self, end):
        """{inode: how many of the first `end` operations its last sync has brought to the disk}"""
        return {o.inode: i for i, o in enumerate(self.operations[:end]) if o.kind == "sync"}

    def state(self, end, chance, way):
        """{name: (bytes, mode)} after a power failure behind `end` operations.

        way: "all" is on the disk; "least": only what was synced; "ordered": as a journal keeps it,
        changes of folders, sizes and modes in their order up to some point, data as it comes;
        "loose": what was not synced is there or not, each for itself.
        """
        synced = self.synced(end)
        last = max(synced.values(), default=0)
        cut = {"all": end, "least": last, "loose": end}.get(way)
        if cut is None:
            cut = chance.randint(last, end)
        survives = []
        for i, operation in enumerate(self.operations[:end]):
            mark = synced.get(-1 if operation.of_folder else operation.inode, -1)
            if operation.kind == "write":
                keeps = i < mark or way == "all" or (way != "least" and chance.random() < 0.6)
            elif way == "loose":
                keeps = i < mark or chance.random() < 0.6
            else:
                keeps = i < cut
            survives.append(keeps or i < mark)
        return self.replay(end, survives, synced, chance, way)

    def replay(self, end, survives, synced, chance, way):
        names = dict(self.inodes)
        data = {number: bytearray(bytes_) for number, bytes_ in enumerate(self.first)}
        modes = {number: 0o644 for number in range(len(self.first))}
        for i, (operation, keeps) in enumerate(zip(self.operations[:end], survives)):
            inode = operation.inode
            if operation.kind == "create":  # what is in it counts only where a name leads to it
                data[inode], modes[inode] = bytearray(), operation.mode
            if not keeps:
                continue
            if operation.kind in ("create", "link"):
                names[operation.names[-1]] = inode
            elif operation.kind == "rename":
                names.pop(operation.names[0], None)
                names[operation.names[1]] = inode
            elif operation.kind == "unlink":
                if names.get(operation.names[0]) == inode:
                    del names[operation.names[0]]
            elif operation.kind == "write":
                text = operation.data
                torn = way in ("ordered", "loose") and i >= synced.get(inode, -1)
                if torn and len(text) > SECTOR and chance.random() < 0.5:
                    text = text[: SECTOR * chance.randint(0, len(text) // SECTOR)]
                file = data[inode]
                file.extend(bytes(max(0, operation.offset + len(text) - len(file))))
                file[operation.offset : operation.offset + len(text)] = text
            elif operation.kind in ("truncate", "reserve"):
                file = data[inode]
                file.extend(bytes(max(0, operation.offset - len(file))))
                if operation.kind == "truncate":
                    del file[operation.offset :]
            elif operation.kind == "chmod":
                modes[inode] = operation.mode
        return {name: (bytes(data[inode]), modes[inode]) for name, inode in names.items()}
