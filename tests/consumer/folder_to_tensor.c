/* A folder of pictures -> a tensor file, through the C interface: folder_to_tensor FOLDER OUT.npy
 */
#include <stdio.h>

#include "imnorm/c.h"

static void Tell(void* user, const char* path, imnorm_code code, const char* message) {
  (void)user;
  fprintf(stderr, "%s: %d: %s\n", path, (int)code, message);
}

static int Complain(void) {
  fprintf(stderr, "%s\n", imnorm_last_error());
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  imnorm_plan* plan = NULL;
  if (imnorm_plan_from_preset("imagenet", &plan) != IMNORM_OK) return Complain();
  const char* inputs[] = {argv[1]};
  imnorm_job job = {.struct_size = sizeof job, .inputs = inputs, .input_count = 1};
  job.plan = plan;
  job.output = argv[2];
  job.on_failure = Tell;
  imnorm_result result = {.struct_size = sizeof result};
  if (imnorm_normalize(&job, &result) != IMNORM_OK) return Complain();
  printf("%llu rows\n", (unsigned long long)result.done);
  imnorm_plan_free(plan);
  return 0;
}
