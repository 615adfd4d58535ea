/* imnorm for C, and for every language that can call C: a plan, a preprocessor, a probe, two runs,
 * four layers.
 *
 * Rules:    a function that can fail returns IMNORM_OK or a code; imnorm_last_error then says why.
 *           What a function makes its own imnorm_..._free ends, which also takes NULL. Structures
 *           begin with their size, sizeof(struct), set by the caller: what a later version
 *           adds comes at the end and is left out where the caller does not know it
 * Threads:  one preprocessor a thread; everything else is safe on different objects
 *
 * Example (tests/consumer/picture_to_floats.c):
 *   imnorm_plan* plan = NULL;
 *   imnorm_preprocessor* preprocessor = NULL;
 *   imnorm_row_shape shape = {.struct_size = sizeof shape};
 *   if (imnorm_plan_from_preset("imagenet", &plan) != IMNORM_OK ||
 *       imnorm_preprocessor_new(plan, &preprocessor) != IMNORM_OK ||
 *       imnorm_preprocessor_shape(preprocessor, NULL, 0, &shape) != IMNORM_OK) {
 *     return Complain();
 *   }
 *   float* row = malloc(shape.bytes);
 *   if (imnorm_preprocessor_run(preprocessor, file, size, row, shape.bytes, NULL) != IMNORM_OK) {
 *     return Complain();
 *   }
 */
#ifndef IMNORM_C_H_
#define IMNORM_C_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a function changes its meaning; functions and fields may be added without. */
#define IMNORM_C_VERSION 1
int imnorm_c_version(void);       /* of the library that is loaded */
const char* imnorm_version(void); /* "0.2.0" */

/* Each code leads its caller to a different action; the text is for people only. */
typedef enum imnorm_code {
  IMNORM_OK = 0,
  IMNORM_BAD_ARGUMENT = 1,  /* an argument or a setting of a plan is wrong */
  IMNORM_BAD_CONFIG = 2,    /* a preset, config or state file is wrong */
  IMNORM_NOT_FOUND = 3,     /* a named thing does not exist */
  IMNORM_IO = 4,            /* the operating system refused */
  IMNORM_UNSUPPORTED = 5,   /* a valid file of a kind that is not read or written */
  IMNORM_CORRUPT = 6,       /* damage was seen */
  IMNORM_TOO_LARGE = 7,     /* over a limit, or more than there is memory */
  IMNORM_CANCELLED = 8,     /* `stop` said so */
  IMNORM_INTERNAL = 9,      /* a defect of imnorm */
  IMNORM_INSTALLATION = 10, /* a module of imnorm is missing or does not load */
  IMNORM_TIMEOUT = 11,      /* a picture took longer than it may */
  IMNORM_CRASHED = 12       /* a picture's decoder died of it, in a process of its own */
} imnorm_code;

/* What the last call that failed in this thread had to say; "" before the first. Lives until the
 * next one that fails. */
const char* imnorm_last_error(void);

/* --- Plans: everything that decides an output's bytes ------------------------------------------
 */

typedef struct imnorm_plan imnorm_plan;

/* From JSON text (`size` bytes): a plan that imnorm printed, a manifest, or a model's config as
 * imnorm_plan_from_preset takes it as a file. */
imnorm_code imnorm_plan_from_json(const char* json, size_t size, imnorm_plan** plan);
/* From the name of a built-in preset, or the path of a config file: imnorm's own, Hugging Face's
 * preprocessor_config.json, timm's config.json, open_clip_config.json. */
imnorm_code imnorm_plan_from_preset(const char* name_or_path, imnorm_plan** plan);
/* Changes one choice by its words: "like", "channels", "exif", "icc", "dtype" or "layout". The
 * first two bring others with them, which the JSON alone would not: whose library's rules, and mean
 * and std in the order of the channels. */
imnorm_code imnorm_plan_set(imnorm_plan* plan, const char* choice, const char* word);
/* The plan as JSON; lives until the plan is changed or freed. */
const char* imnorm_plan_json(const imnorm_plan* plan);
void imnorm_plan_free(imnorm_plan* plan);

typedef struct imnorm_preset {
  size_t struct_size;
  const char* name;    /* static, as the others */
  const char* summary; /* "256/224 bilinear, ImageNet mean/std" */
  const char* source;
} imnorm_preset;

/* The built-in presets by name, ascending; IMNORM_NOT_FOUND past the last. */
imnorm_code imnorm_preset_at(size_t index, imnorm_preset* preset);

/* --- What a file is, from its headers ----------------------------------------------------------
 */

typedef struct imnorm_picture {
  size_t struct_size;
  const char* format; /* "jpeg", "png", ...; static */
  int32_t width;      /* as stored, before orientation */
  int32_t height;
  int32_t channels; /* without alpha */
  int32_t bits;     /* of a stored sample, or of a palette's index */
  int32_t has_alpha;
  int32_t progressive;
  int32_t orientation; /* EXIF 1..8 */
  uint64_t frames;
} imnorm_picture;

imnorm_code imnorm_probe(const void* file, size_t size, imnorm_picture* picture);

/* --- One picture in memory -> one row of a tensor ----------------------------------------------
 */

typedef struct imnorm_preprocessor imnorm_preprocessor;

typedef struct imnorm_row_shape {
  size_t struct_size;
  int64_t sizes[3];  /* C, H, W, or H, W, C where the plan's layout says so */
  const char* dtype; /* "float32", "float16", "bfloat16", "uint8", "int8"; static */
  size_t bytes;
} imnorm_row_shape;

/* The plan is copied. */
imnorm_code imnorm_preprocessor_new(const imnorm_plan* plan, imnorm_preprocessor** preprocessor);
void imnorm_preprocessor_free(imnorm_preprocessor* preprocessor);

/* The shape of the row of a file, from its headers. Without a file (NULL, 0) the shape of every
 * row; IMNORM_BAD_ARGUMENT where the plan leaves that to the picture. */
imnorm_code imnorm_preprocessor_shape(const imnorm_preprocessor* preprocessor, const void* file,
                                      size_t size, imnorm_row_shape* shape);

/* What was skipped in a good picture: bits of `notes`. */
#define IMNORM_NOTE_ROTATION_NOT_APPLIED 0x01u
#define IMNORM_NOTE_BITS_REDUCED 0x02u
#define IMNORM_NOTE_ALPHA_DROPPED 0x04u
#define IMNORM_NOTE_FURTHER_PAGES 0x08u
#define IMNORM_NOTE_FURTHER_FRAMES 0x10u
#define IMNORM_NOTE_CODEC_WARNING 0x20u
#define IMNORM_NOTE_NODATA 0x40u
#define IMNORM_NOTE_SCANS_MISSING 0x80u

/* Writes a row of just `row_bytes` bytes; `notes` may be NULL. On failure the row holds nothing
 * that counts. Once pictures of a kind and size were seen, nothing is allocated but by codecs. */
imnorm_code imnorm_preprocessor_run(imnorm_preprocessor* preprocessor, const void* file,
                                    size_t size, void* row, size_t row_bytes, uint32_t* notes);

/* A picture that is decoded already, upright, 8 bits a sample. */
typedef struct imnorm_pixels {
  size_t struct_size;
  const void* samples; /* [height][width][channels] */
  int32_t width;
  int32_t height;
  int32_t channels;    /* 1: grey, 2: grey and alpha, 3: RGB, 4: RGB and alpha */
  size_t stride_bytes; /* from row to row */
} imnorm_pixels;

/* The same two for such a picture. */
imnorm_code imnorm_preprocessor_shape_of_size(const imnorm_preprocessor* preprocessor,
                                              int32_t width, int32_t height,
                                              imnorm_row_shape* shape);
imnorm_code imnorm_preprocessor_run_pixels(imnorm_preprocessor* preprocessor,
                                           const imnorm_pixels* pixels, void* row, size_t row_bytes,
                                           uint32_t* notes);

/* --- Runs over files and folders ---------------------------------------------------------------
 */

/* All but struct_size, inputs and what the run needs may be 0. Callbacks come from threads of the
 * run, on_failure and on_progress from one at a time. */
typedef struct imnorm_job {
  size_t struct_size;
  const char* const* inputs; /* files and folders; or one .npy, .npz or .safetensors */
  size_t input_count;
  const imnorm_plan* plan; /* measure: NULL for the pictures' own pixels, in RGB */
  const char* output;      /* normalize: the tensor's path */
  const char* format;      /* normalize: NULL: by the path's extension */
  int overwrite;           /* normalize */
  int strict;              /* the first bad input ends the run with its error */
  int threads;             /* 0: the CPUs that this process may use */
  void* user;              /* handed to the callbacks */
  int (*stop)(void* user); /* not 0: end with IMNORM_CANCELLED; from any thread */
  void (*on_failure)(void* user, const char* path, imnorm_code code, const char* message);
  void (*on_progress)(void* user, uint64_t finished, uint64_t failed, uint64_t total);
  uint32_t shard; /* of pictures, part `shard` (from 1) of `shards`; 0: all */
  uint32_t shards;
  int histogram;             /* measure */
  const double* percentiles; /* measure, with a histogram: beside 1 5 25 50 75 95 99 */
  size_t percentile_count;
  int per_class; /* measure: by the folders that stand in an input */
} imnorm_job;

/* A `stop` for callers that cannot be called from threads of the run, or not fast: `user` is an
 * int, and the run ends once it is not 0. */
int imnorm_stop_if_set(void* user);

typedef struct imnorm_result {
  size_t struct_size;
  uint64_t inputs;
  uint64_t done;
  uint64_t failed;
  uint64_t passed_over; /* in folders, and no picture */
  int64_t shape[4];     /* normalize: of the tensor, 0 behind its last axis */
  double seconds;
} imnorm_result;

/* Normalises pictures, or a tensor, into a tensor file and its manifest. Without one good picture
 * nothing is written, and done is 0. `result` may be NULL. */
imnorm_code imnorm_normalize(const imnorm_job* job, imnorm_result* result);

/* Measures pictures, or a tensor: statistics as JSON (schema imnorm.stats/1), which
 * imnorm_text_free ends. `result` may be NULL. */
imnorm_code imnorm_measure(const imnorm_job* job, char** json, imnorm_result* result);
/* Adds statistics of shards of one list, in any order; `json` is what one run gives once no shard
 * is missing. */
imnorm_code imnorm_statistics_merge(const char* const* parts, size_t count, char** json);
/* The same numbers ready to paste: "torchvision", "hf", "timm", "opencv", "openvino" or "csv". */
imnorm_code imnorm_statistics_emit(const char* json, const char* format, char** text);
void imnorm_text_free(char* text); /* what a function returned as char** */

/* --- Batch, layer, instance and group normalisation of arrays ----------------------------------
 */

/* y = (x - mean) / sqrt(var + eps) * weight + bias, with x = sample / scale. All but struct_size,
 * method, the sample's shape and the two types may be 0. */
typedef struct imnorm_layer {
  size_t struct_size;
  const char* method;          /* "batch", "layer", "instance" or "group" */
  const int64_t* sample_shape; /* [C], [C, L] or [C, H, W] */
  size_t sample_axes;
  const char* input; /* type of the samples: "float32", "float64", "uint8", ... */
  const char* dtype; /* of the results: "float32", "float64", "float16", "bfloat16", "uint8", ... */
  double scale;      /* 0: the maximum of uint8 and uint16, 1 of others */
  double eps;
  int32_t groups;  /* of "group" */
  int32_t threads; /* 0: the CPUs that this process may use */
  /* One a channel, for "layer" one an element of a sample; NULL: 1 and 0. */
  const float* weight;
  const float* bias;
  /* Running statistics, one a channel, of "batch" and "instance", all three or none: taken a step
   * further by every call, or with eval what is normalised by, and left as they are. */
  float* running_mean;
  float* running_var;
  int64_t* num_batches_tracked;
  double momentum; /* of a step; below 0: the average of all batches, "batch" only */
  int32_t eval;
} imnorm_layer;

/* Normalises a batch of `count` samples, [count][C][H][W] and dense, aligned as their types ask,
 * into `out` of the same shape: the bytes that the command writes with this method. */
imnorm_code imnorm_layer_normalize(const imnorm_layer* layer, const void* samples, int64_t count,
                                   void* out);

#ifdef __cplusplus
}
#endif

#endif /* IMNORM_C_H_ */
