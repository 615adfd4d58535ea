// Configs of other libraries -> plans. Each reader obeys a field, ignores it by name (with the
// reason why pixels do not depend on it), or refuses it.
#pragma once

#include <string>

#include "imnorm/plan.h"
#include "plan/json_reader.h"

namespace imnorm {

// Hugging Face preprocessor_config.json, or the object under "image_processor" of a
// processor_config.json.
//
// Rules:    the class's name decides the backend, as transformers 5's AutoImageProcessor does:
//           ...Pil is Engine::kHf, every other spelling kHfFast. Fields that the class does not
//           know are passed over, but for slips of the keyboard
// Errors:   kBadConfig: an unknown processor, or a step that changes pixels, by name
// Source:   transformers 5.24: class attributes and image_processing_backends.py
Result<Plan> PlanFromHuggingFace(const Json& document);
bool IsHuggingFace(const Json& document);

// timm config.json: the fields at top level or under pretrained_cfg.
//
// Rules:    test_input_size and test_crop_pct are checked but not used, as by timm's own
//           resolve_data_config; the plan's source line says so
// Errors:   kBadConfig
// Source:   reference.md section 4; timm 1.0 resolve_data_config, transforms_imagenet_eval
Result<Plan> PlanFromTimm(const Json& document);
bool IsTimm(const Json& document);

// open_clip_config.json.
//
// Rules:    model_cfg.vision_cfg.image_size goes before preprocess_cfg.size, as in open_clip
// Errors:   kBadConfig
// Source:   reference.md section 4; open_clip 2.31 image_transform_v2
Result<Plan> PlanFromOpenClip(const Json& document);
bool IsOpenClip(const Json& document);

// The readers' common last step: every field known, and the plan itself in order.
Result<Plan> FinishForeign(ObjectReader& reader, Plan plan);

// A side divided by crop_pct and cut off. Fails at the key where the result is no side.
int ScaledSide(ObjectReader& reader, const std::string& key, int side, double crop_pct);

}  // namespace imnorm
