// A whole job: from a source of samples to a sink, in bounded memory.
#include "normalize/layers/job.h"

#include <algorithm>
#include <filesystem>
#include <new>

#include "normalize/layers/pieces.h"
#include "normalize/layers/report.h"
#include "tensor/safetensors_write.h"

namespace imnorm {
namespace {

constexpr size_t kPieceBytes = size_t(4) << 20;  // of input and output: stays in the outer caches

// Samples that are read, worked on and written together.
struct Piece {
  int64_t first = 0;
  int64_t count = 0;
};

struct Buffers {
  std::vector<uint8_t> in;
  std::vector<uint8_t> out;
  std::vector<Moments> moments;
};

class Job {
 public:
  Job(SampleSource& source, const LayerJob& job, LayerNormalizer& layer, NormReport& report,
      const SampleSink& sink)
      : source_(source),
        job_(job),
        layer_(layer),
        report_(report),
        sink_(sink),
        buffers_(size_t(PieceSlots(job.threads))),
        samples_(OutputSamples(job, source.count())),
        batch_(job.layer.batch_size > 0 ? job.layer.batch_size : std::max<int64_t>(samples_, 1)) {}

  Result<LayerSummary> Run() {
    auto done = CheckBatches();
    if (done) done = layer_.over_batch() ? RunBatches() : RunSamples();
    if (!done) return Failed(done);
    return LayerSummary{samples_, source_.count() - samples_, Batches()};
  }

 private:
  int64_t Batches() const { return (samples_ + batch_ - 1) / batch_; }
  int64_t BatchSize(int64_t b) const { return std::min(batch_, samples_ - b * batch_); }

  // Samples of a piece: as many as fit, but at least one.
  int64_t PieceSamples() const {
    const size_t sample = layer_.sample_in_bytes() + layer_.sample_out_bytes();
    const size_t budget = std::min(kPieceBytes, job_.memory_bytes / buffers_.size());
    return int64_t(std::max<size_t>(budget / sample, 1));
  }

  // All batches but the last have one size.
  Result<void> CheckBatches() const {
    if (samples_ == 0) return {};
    auto done = layer_.CheckBatch(BatchSize(0));
    return done ? layer_.CheckBatch(BatchSize(Batches() - 1)) : done;
  }

  Result<void> ReadPiece(const Piece& piece, Buffers& buffers) {
    buffers.in.resize(size_t(piece.count) * layer_.sample_in_bytes());
    return source_.Read(piece.first, piece.count, buffers.in.data());
  }

  void ApplyTo(const Piece& piece, const Moments* moments, Buffers& buffers) const {
    buffers.out.resize(size_t(piece.count) * layer_.sample_out_bytes());
    layer_.Apply(buffers.in.data(), piece.count, moments, buffers.out.data());
  }

  // Pieces [0, count): cut(i) says which samples, the rest as RunPieces.
  template <typename Cut, typename Work, typename Finish>
  Result<void> ForPieces(int64_t count, const Cut& cut, const Work& work, const Finish& finish) {
    PieceSteps steps;
    steps.work = [&](int64_t i, int slot) {
      const Piece piece = cut(i);
      Buffers& buffers = buffers_[size_t(slot)];
      auto done = ReadPiece(piece, buffers);
      if (done) work(piece, buffers);
      return done;
    };
    steps.finish = [&](int64_t i, int slot) -> Result<void> {
      return finish(cut(i), buffers_[size_t(slot)]);
    };
    return RunPieces(job_.threads, count, steps);
  }

  // Statistics a sample, or none at all: every sample is on its own. Running statistics (instance)
  // step where a batch ends, so no piece crosses that.
  Result<void> RunSamples() {
    const int64_t size = std::min(PieceSamples(), batch_);
    const int64_t in_batch = (batch_ + size - 1) / size;
    const int64_t full = samples_ / batch_;
    const int64_t last = (samples_ - full * batch_ + size - 1) / size;
    const bool measures = layer_.needs_moments();
    const auto cut = [&](int64_t i) {
      const int64_t first = i / in_batch * batch_ + i % in_batch * size;
      const int64_t end = std::min(first / batch_ * batch_ + batch_, samples_);
      return Piece{first, std::min(size, end - first)};
    };
    const auto work = [&](const Piece& piece, Buffers& buffers) {
      if (measures) {
        buffers.moments.resize(size_t(piece.count * layer_.sets()));
        layer_.Measure(buffers.in.data(), piece.count, buffers.moments.data());
      }
      ApplyTo(piece, measures ? buffers.moments.data() : nullptr, buffers);
    };
    const auto finish = [&](const Piece& piece, Buffers& buffers) -> Result<void> {
      for (int64_t n = 0; measures && n < piece.count; ++n) {
        const Moments* moments = buffers.moments.data() + n * layer_.sets();
        auto done = report_.AddSample(piece.first + n, moments, layer_.sets());
        if (!done) return done;
      }
      if (measures) layer_.Track(buffers.moments.data(), piece.count);
      const int64_t end = piece.first + piece.count;
      if (end % batch_ == 0 || end == samples_) layer_.EndBatch();
      return sink_(buffers.out.data(), piece.count);
    };
    return ForPieces(full * in_batch + last, cut, work, finish);
  }

  // Batches that fit side by side are pieces themselves; larger ones are read twice, in pieces.
  Result<void> RunBatches() {
    const size_t batch_bytes =
        size_t(batch_) * (layer_.sample_in_bytes() + layer_.sample_out_bytes());
    if (Batches() >= job_.threads && batch_bytes <= job_.memory_bytes / buffers_.size()) {
      return RunSmallBatches();
    }
    for (int64_t b = 0; b < Batches(); ++b) {
      auto done = RunLargeBatch(b);
      if (!done) return done;
    }
    return {};
  }

  Result<void> EndBatch(int64_t b, const Moments* moments) {
    layer_.Track(moments, 1);
    layer_.EndBatch();
    return report_.AddBatch(b, b * batch_, BatchSize(b), moments, layer_.channels());
  }

  Result<void> RunSmallBatches() {
    const auto cut = [&](int64_t b) { return Piece{b * batch_, BatchSize(b)}; };
    const auto work = [&](const Piece& piece, Buffers& buffers) {
      const int64_t channels = layer_.channels();
      std::vector<Moments> planes(size_t(piece.count * channels));
      layer_.Measure(buffers.in.data(), piece.count, planes.data());
      buffers.moments.assign(size_t(channels), Moments());
      layer_.MergeBatch(planes.data(), piece.count, buffers.moments.data());
      ApplyTo(piece, buffers.moments.data(), buffers);
    };
    const auto finish = [&](const Piece& piece, Buffers& buffers) -> Result<void> {
      auto done = EndBatch(piece.first / batch_, buffers.moments.data());
      return done ? sink_(buffers.out.data(), piece.count) : done;
    };
    return ForPieces(Batches(), cut, work, finish);
  }

  Result<void> RunLargeBatch(int64_t b) {
    const int64_t size = PieceSamples();
    const int64_t begin = b * batch_;
    const int64_t samples = BatchSize(b);
    const int64_t pieces = (samples + size - 1) / size;
    const auto cut = [&](int64_t i) {
      return Piece{begin + i * size, std::min(size, samples - i * size)};
    };
    std::vector<Moments> batch(size_t(layer_.channels()));
    const auto measure = [&](const Piece& piece, Buffers& buffers) {
      buffers.moments.resize(size_t(piece.count * layer_.channels()));
      layer_.Measure(buffers.in.data(), piece.count, buffers.moments.data());
    };
    const auto merge = [&](const Piece& piece, Buffers& buffers) -> Result<void> {
      layer_.MergeBatch(buffers.moments.data(), piece.count, batch.data());
      return {};
    };
    auto done = ForPieces(pieces, cut, measure, merge);
    if (done) done = EndBatch(b, batch.data());
    if (!done) return done;
    const auto apply = [&](const Piece& piece, Buffers& buffers) {
      ApplyTo(piece, batch.data(), buffers);
    };
    const auto write = [&](const Piece& piece, Buffers& buffers) -> Result<void> {
      return sink_(buffers.out.data(), piece.count);
    };
    return ForPieces(pieces, cut, apply, write);
  }

  SampleSource& source_;
  const LayerJob& job_;
  LayerNormalizer& layer_;
  NormReport& report_;
  const SampleSink& sink_;
  std::vector<Buffers> buffers_;
  int64_t samples_;
  int64_t batch_;
};

// Begins the state's file before the slow work. A run may go on from its own state; another's file
// is as much somebody's as any output.
Result<DurableFile> BeginState(const LayerJob& job) {
  if (job.state_out.empty()) return DurableFile();
  std::error_code none;  // no such file: another one then
  const bool own = !job.layer.state_in.empty() &&
                   std::filesystem::equivalent(job.state_out, job.layer.state_in, none);
  return DurableFile::Create(job.state_out, job.overwrite || own);
}

}  // namespace

Result<LayerSummary> NormalizeSamples(SampleSource& source, const LayerJob& job,
                                      const SampleSink& sink, std::vector<DurableFile>& sides) {
  auto layer = LayerNormalizer::Create(job);
  if (!layer) return Failed(layer);
  auto report = NormReport::Open(job, layer->scale());
  if (!report) return Failed(report);
  auto state = BeginState(job);
  if (!state) return Failed(state);
  try {
    auto summary = Job(source, job, *layer, *report, sink).Run();
    if (!summary) return summary;
    auto sealed = report->Seal();
    if (!sealed) return Failed(sealed);
    if (sealed->is_open()) sides.push_back(std::move(*sealed));
    if (state->is_open()) {
      auto written = SealSafetensors(*state, layer->State());
      if (!written) return Failed(written);
      sides.push_back(std::move(*state));
    }
    summary->values = layer->counts();
    summary->running_finite = job.state_out.empty() || layer->running_finite();
    return summary;
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kTooLarge, "a single sample does not fit into memory");
  }
}

Result<LayerSummary> NormalizeSamples(SampleSource& source, const LayerJob& job,
                                      const SampleSink& sink) {
  std::vector<DurableFile> sides;
  auto summary = NormalizeSamples(source, job, sink, sides);
  for (DurableFile& side : sides) {
    if (auto published = side.Publish(); !published) return Failed(published);
  }
  return summary;
}

}  // namespace imnorm
