# A formula for Homebrew on Linux, of the source archive that scripts/wheel leaves in dist/:
#   brew install --build-from-source scripts/packaging/homebrew/imnorm.rb
# Not tried yet. Who publishes a release puts its address and its sum from SHA256SUMS here.
class Imnorm < Formula
  desc "Exact image preprocessing and dataset statistics"
  url "file://#{Dir[File.expand_path("../../../dist/imnorm-*.tar.gz", __dir__)].grep_v(/-linux-/).max}"
  license "MIT"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "highway" => :build
  depends_on "ninja" => :build
  depends_on "nlohmann-json" => :build
  depends_on "pkgconf" => :build
  depends_on "tl-expected" => :build
  depends_on "xxhash" => :build
  depends_on "fmt"
  depends_on "jpeg-turbo"
  depends_on "libarchive"
  depends_on "libspng"
  depends_on "libtiff"
  depends_on :linux
  depends_on "webp"
  depends_on "zlib"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DIMNORM_BUILD_TESTS=OFF",
           "-DIMNORM_BUILD_OPENCV_MODULE=OFF", "-DIMNORM_SELF_CONTAINED=OFF", *std_cmake_args
    system "cmake", "--build", "build", "--target", "product"
    system "cmake", "--install", "build"
  end

  test do
    assert_match "imnorm #{version}", shell_output("#{bin}/imnorm --version")
  end
end
