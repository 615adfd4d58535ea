/* One picture in memory -> the floats that a network takes, through the C interface. */
#include <stdio.h>
#include <stdlib.h>

#include "imnorm/c.h"

static int Complain(void) {
  fprintf(stderr, "%s\n", imnorm_last_error());
  return 1;
}

static void* ReadAll(const char* path, size_t* size) {
  FILE* stream = fopen(path, "rb");
  if (stream == NULL) return NULL;
  fseek(stream, 0, SEEK_END);
  *size = (size_t)ftell(stream);
  rewind(stream);
  void* bytes = malloc(*size);
  *size = fread(bytes, 1, *size, stream);
  fclose(stream);
  return bytes;
}

int main(int argc, char** argv) {
  size_t size = 0;
  void* file = argc == 2 ? ReadAll(argv[1], &size) : NULL;
  if (file == NULL) return 2;

  imnorm_picture picture = {.struct_size = sizeof picture};
  if (imnorm_probe(file, size, &picture) != IMNORM_OK) return Complain();
  fprintf(stderr, "%s %d %d\n", picture.format, (int)picture.width, (int)picture.height);

  imnorm_plan* plan = NULL;
  imnorm_preprocessor* preprocessor = NULL;
  imnorm_row_shape shape = {.struct_size = sizeof shape};
  if (imnorm_plan_from_preset("imagenet", &plan) != IMNORM_OK ||
      imnorm_preprocessor_new(plan, &preprocessor) != IMNORM_OK ||
      imnorm_preprocessor_shape(preprocessor, NULL, 0, &shape) != IMNORM_OK) {
    return Complain();
  }
  float* row = malloc(shape.bytes);
  if (imnorm_preprocessor_run(preprocessor, file, size, row, shape.bytes, NULL) != IMNORM_OK) {
    return Complain();
  }
  fwrite(row, 1, shape.bytes, stdout);
  free(row);
  free(file);
  imnorm_preprocessor_free(preprocessor);
  imnorm_plan_free(plan);
  return 0;
}
