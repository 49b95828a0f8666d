import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
from conan.tools.scm import Version

required_conan_version = ">=2.4"


class HyperactorConan(ConanFile):
    name = "hyperactor"
    description = "Header-only C++20 actors: typed messages checked at compile time, in one process or many"
    license = "BSD-3-Clause"
    topics = ("actor", "concurrency", "coroutines", "distributed", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = ("CMakeLists.txt", "cmake/*", "include/*", "single_include/*", "tests/*", "!tests/test_package/build/*",
                       "tools/*", "LICENSE")
    no_copy_source = True
    test_package_folder = "tests/test_package"

    @property
    def _tests(self):
        return not self.conf.get("tools.build:skip_test", default=True, check_type=bool)

    def set_version(self):  # one place for the version: the header
        text = load(self, os.path.join(self.recipe_folder, "include", "hyperactor", "version.hpp"))
        self.version = ".".join(
            re.search(rf"HYPERACTOR_VERSION_{part} (\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH"))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/[>=1.81 <2]", options={"header_only": True})
        self.requires("asio/[>=1.22.1 <2]")
        self.requires("fmt/[>=9.1 <13]")  # compiled: header-only fmt costs seconds in each translation unit

    def build_requirements(self):
        if self._tests:
            self.test_requires("catch2/[>=3.4 <4]")

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        CMakeDeps(self).generate()
        tc = CMakeToolchain(self)
        tc.cache_variables["HYPERACTOR_BUILD_TESTS"] = self._tests
        tc.cache_variables["HYPERACTOR_BUILD_EXAMPLES"] = False  # not exported
        tc.generate()

    def build(self):
        if self._tests:  # conan create . -c tools.build:skip_test=False
            cmake = CMake(self)
            cmake.configure()
            cmake.build()
            cmake.ctest(["--output-on-failure"])

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))

    def package_id(self):
        self.info.clear()  # one package for all compilers and settings

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "hyperactor")
        self.cpp_info.set_property("cmake_target_name", "hyperactor::all")  # else the package's target takes core's name
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "hyperactor::hyperactor")
        core.bindirs = []
        core.libdirs = []
        core.requires = ["boost::headers", "asio::asio", "fmt::_fmt"]
        if self.settings.get_safe("compiler") in ("clang", "apple-clang"):
            core.defines = ["ASIO_HAS_CO_AWAIT=1"]
        if self.settings.get_safe("compiler") == "clang" and Version(self.settings.compiler.version) < "17":
            core.defines.append("ASIO_DISABLE_THREAD_KEYWORD_EXTENSION=1")  # base/platform.hpp says why
        if self.settings.get_safe("os") in ("Linux", "FreeBSD"):
            core.system_libs = ["pthread"]
