/* A folder of pictures -> its statistics as JSON, through the C interface. */
#include <stdio.h>

#include "imnorm/c.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const char* inputs[] = {argv[1]};
  const imnorm_job job = {.struct_size = sizeof job, .inputs = inputs, .input_count = 1};
  char* json = NULL;
  if (imnorm_measure(&job, &json, NULL) != IMNORM_OK) {
    fprintf(stderr, "%s\n", imnorm_last_error());
    return 1;
  }
  fputs(json, stdout);
  imnorm_text_free(json);
  return 0;
}
