# The distribution's fmt under ConanCenter's name and targets.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


def installed():
    for path in ("/usr/include/fmt/base.h", "/usr/include/fmt/core.h"):
        if os.path.isfile(path):
            n = int(re.search(r"#define FMT_VERSION (\d+)", open(path, encoding="utf-8").read()).group(1))
            return f"{n // 10000}.{n // 100 % 100}.{n % 100}"
    raise ConanInvalidConfiguration("/usr/include/fmt/core.h is missing: install libfmt-dev")


class SystemFmt(ConanFile):
    name = "fmt"
    build_policy = "missing"
    upload_policy = "skip"
    options = {"header_only": [True, False]}
    default_options = {"header_only": False}

    def set_version(self):
        self.version = installed()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "fmt")
        self.cpp_info.includedirs = self.cpp_info.libdirs = self.cpp_info.bindirs = []
        c = self.cpp_info.components["_fmt"]
        c.includedirs = c.libdirs = c.bindirs = []
        if self.options.header_only:
            c.set_property("cmake_target_name", "fmt::fmt-header-only")
            c.defines = ["FMT_HEADER_ONLY=1"]
        else:
            c.set_property("cmake_target_name", "fmt::fmt")
            c.system_libs = ["fmt"]  # as libs CMakeDeps would look for the file inside this empty package
