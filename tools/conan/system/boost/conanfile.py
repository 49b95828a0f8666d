# The distribution's Boost headers under ConanCenter's name and targets.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration


def installed():
    path = "/usr/include/boost/version.hpp"
    if not os.path.isfile(path):
        raise ConanInvalidConfiguration(f"{path} is missing: install libboost1.81-dev")
    n = int(re.search(r"#define BOOST_VERSION (\d+)", open(path, encoding="utf-8").read()).group(1))
    return f"{n // 100000}.{n // 100 % 1000}.{n % 100}"


class SystemBoost(ConanFile):
    name = "boost"  # no package_type: beside a header_only option Conan 2.34 warns
    build_policy = "missing"
    upload_policy = "skip"
    options = {"header_only": [True, False]}  # must exist: our recipe sets it
    default_options = {"header_only": True}

    def set_version(self):
        self.version = installed()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "Boost")
        c = self.cpp_info.components["headers"]
        c.set_property("cmake_target_name", "Boost::headers")
        c.includedirs = c.libdirs = c.bindirs = []  # the compiler finds /usr/include by itself
        self.cpp_info.includedirs = self.cpp_info.libdirs = self.cpp_info.bindirs = []
