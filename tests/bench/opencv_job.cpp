// The same two jobs as an OpenCV user would write them in C++.
// opencv_job stats|normalize THREADS REPEAT FOLDER OUT; prints seconds. Its pixels differ from
// torchvision's: cv::resize has no antialias.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Job {
  bool normalizes = false;
  std::vector<std::string> paths;
  std::string out;
  std::atomic<size_t> next{0};
  std::mutex mutex;
  cv::Scalar sum;
  cv::Scalar squares;
  std::FILE* file = nullptr;
};

void Measure(const cv::Mat& picture, Job& job) {
  cv::Mat wide;
  cv::Mat square;
  picture.convertTo(wide, CV_32F);
  cv::multiply(wide, wide, square);
  const cv::Scalar sum = cv::sum(wide);
  const cv::Scalar squares = cv::sum(square);
  const std::lock_guard lock(job.mutex);
  job.sum += sum;
  job.squares += squares;
}

void Normalize(const cv::Mat& picture, size_t index, Job& job) {
  const double scale = 256.0 / std::min(picture.cols, picture.rows);
  cv::Mat small;
  cv::resize(picture, small, {}, scale, scale, cv::INTER_LINEAR);
  const cv::Rect window((small.cols - 224) / 2, (small.rows - 224) / 2, 224, 224);
  cv::Mat rgb;
  cv::cvtColor(small(window), rgb, cv::COLOR_BGR2RGB);
  cv::Mat wide;
  rgb.convertTo(wide, CV_32F, 1 / 255.0);
  cv::subtract(wide, cv::Scalar(0.485, 0.456, 0.406), wide);
  cv::divide(wide, cv::Scalar(0.229, 0.224, 0.225), wide);
  std::vector<float> tensor(3 * 224 * 224);
  std::vector<cv::Mat> planes;
  for (int c = 0; c < 3; ++c) planes.emplace_back(224, 224, CV_32F, tensor.data() + c * 224 * 224);
  cv::split(wide, planes);
  const std::lock_guard lock(job.mutex);
  std::fseek(job.file, long(index * tensor.size() * sizeof(float)), SEEK_SET);
  std::fwrite(tensor.data(), sizeof(float), tensor.size(), job.file);
}

void Work(Job& job) {
  for (size_t i = job.next++; i < job.paths.size(); i = job.next++) {
    const cv::Mat picture =
        cv::imread(job.paths[i], cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (picture.empty()) continue;
    if (job.normalizes) {
      Normalize(picture, i, job);
    } else {
      Measure(picture, job);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  Job job;
  job.normalizes = std::string(argv[1]) == "normalize";
  std::vector<std::string> once;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[4])) {
    if (entry.is_regular_file()) once.push_back(entry.path());
  }
  for (int r = 0; r < std::atoi(argv[3]); ++r) {
    job.paths.insert(job.paths.end(), once.begin(), once.end());
  }
  cv::setNumThreads(1);
  job.file = std::fopen(argv[5], "wb");
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < std::atoi(argv[2]); ++t) threads.emplace_back([&] { Work(job); });
  for (std::thread& thread : threads) thread.join();
  std::fclose(job.file);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::printf("%.6f\n", seconds.count());
}
