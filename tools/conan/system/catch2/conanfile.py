# The distribution's Catch2 3 under ConanCenter's name and targets.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


def installed():
    path = "/usr/include/catch2/catch_version_macros.hpp"
    if not os.path.isfile(path):
        raise ConanInvalidConfiguration(f"{path} is missing: install libcatch2-dev 3 (bookworm-backports)")
    text = open(path, encoding="utf-8").read()
    return ".".join(re.search(rf"#define CATCH_VERSION_{part} (\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH"))


class SystemCatch2(ConanFile):
    name = "catch2"
    build_policy = "missing"
    upload_policy = "skip"

    def set_version(self):
        self.version = installed()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "Catch2")
        self.cpp_info.includedirs = self.cpp_info.libdirs = self.cpp_info.bindirs = []
        library = self.cpp_info.components["_catch2"]
        library.set_property("cmake_target_name", "Catch2::Catch2")
        library.includedirs = library.bindirs = []
        library.libdirs = ["/usr/lib"]
        library.system_libs = ["Catch2"]
        main = self.cpp_info.components["catch2_with_main"]
        main.set_property("cmake_target_name", "Catch2::Catch2WithMain")
        main.includedirs = main.bindirs = []
        main.libdirs = ["/usr/lib"]
        main.system_libs = ["Catch2Main"]
        main.requires = ["_catch2"]
        main.builddirs = ["/usr/lib/cmake/Catch2"]  # include(Catch) looks there
