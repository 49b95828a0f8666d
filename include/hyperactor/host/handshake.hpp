// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_HOST_HANDSHAKE_HPP
#define HYPERACTOR_HOST_HANDSHAKE_HPP

/// @file
/// What a host tells the process that it starts: three variables of its environment.
///
/// [HSK-1] Reading the variables removes them, also where one is missing or cannot be read: a grandchild is not
///         mistaken for a child.

#include <hyperactor/base/result.hpp>
#include <hyperactor/host/error.hpp>
#include <hyperactor/identity/channel_addr.hpp>
#include <hyperactor/identity/proc_addr.hpp>

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace hyperactor::inline v0::detail {

inline constexpr const char* host_proc_id_variable = "HYPERACTOR_HOST_PROC_ID";
inline constexpr const char* host_backend_variable = "HYPERACTOR_HOST_BACKEND_ADDR";
inline constexpr const char* host_callback_variable = "HYPERACTOR_HOST_CALLBACK_ADDR";
inline constexpr const char* process_name_variable = "HYPERACTOR_PROCESS_NAME";

/// Who a child is and where its host is.
struct handshake {
  proc_addr proc;
  channel_addr backend;
  channel_addr callback;

  /// Whether this process has one of the variables.
  [[nodiscard]] static bool is_pending() noexcept {
    return ::getenv(host_proc_id_variable) != nullptr || ::getenv(host_backend_variable) != nullptr ||
           ::getenv(host_callback_variable) != nullptr;
  }
  /// Takes the variables out of the environment ([HSK-1]).
  /// @errors host_error::missing_parameter, host_error::invalid_parameter
  [[nodiscard]] HYPERACTOR_COLD static result<handshake> take() {
    const std::optional<std::string> proc = take_variable(host_proc_id_variable);
    const std::optional<std::string> backend = take_variable(host_backend_variable);
    const std::optional<std::string> callback = take_variable(host_callback_variable);
    result<proc_addr> id = parse<proc_addr>(host_proc_id_variable, proc);
    if (!id) return id.error();
    result<channel_addr> to = parse<channel_addr>(host_backend_variable, backend);
    if (!to) return to.error();
    result<channel_addr> answer = parse<channel_addr>(host_callback_variable, callback);
    if (!answer) return answer.error();
    return handshake{std::move(*id), std::move(*to), std::move(*answer)};
  }
  /// The variables as `NAME=value`, and a name for people.
  [[nodiscard]] HYPERACTOR_COLD std::vector<std::string> to_variables() const {
    return {std::string(host_proc_id_variable) + "=" + proc.to_string(),
            std::string(host_backend_variable) + "=" + backend.to_string(),
            std::string(host_callback_variable) + "=" + callback.to_string(),
            std::string(process_name_variable) + "=" + proc.log_name() + " @ " + own_process_name()};
  }

 private:
  [[nodiscard]] static std::optional<std::string> take_variable(const char* name) {
    const char* value = ::getenv(name);
    if (value == nullptr) return std::nullopt;
    std::string out(value);
    ::unsetenv(name);
    return out;
  }
  template <class T> [[nodiscard]] static result<T> parse(const char* name, const std::optional<std::string>& text) {
    if (!text) return missing_parameter_error(name);
    result<T> out = T::parse(*text);
    if (!out) return invalid_parameter_error(name, out.error().message());
    return out;
  }
  [[nodiscard]] static std::string own_process_name() {
    if (const char* name = ::getenv(process_name_variable)) return name;
    char host[256] = {};
    return ::gethostname(host, sizeof host - 1) == 0 ? host : "unknown";
  }
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_HOST_HANDSHAKE_HPP
