// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_PROC_ID_HPP
#define HYPERACTOR_IDENTITY_PROC_ID_HPP

/// @file
/// `proc_id`: which proc, wherever it is.
///
/// [PID-1] A proc is identified by its uid.
/// [PID-2] `service` and `local` are singletons of every host, so their ids are not unique; they are recognised by
///         shape.

#include <hyperactor/base/hash.hpp>
#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/uid.hpp>

namespace hyperactor::inline v0 {

namespace detail {

/// Shortest base 58 suffix that makes a name an instance: words such as `env-vars` stay singletons.
inline constexpr std::size_t name_suffix_bytes_min = 8;
/// What stands for the label of an instance without one in a name.
inline constexpr std::string_view name_default_word = "resource";

}  // namespace detail

/// Identity of a proc. Its name is the text after `host.spawn(`, its text the one in addresses.
/// @threadsafe as a value
class proc_id {
 public:
  explicit proc_id(hyperactor::uid uid) noexcept : uid_(std::move(uid)) {}
  /// A uid whose decoration is replaced where it is an instance.
  proc_id(const hyperactor::uid& uid, hyperactor::label label) noexcept : uid_(uid.with_label(std::move(label))) {}

  /// A fresh proc without a label.
  [[nodiscard]] static proc_id anonymous() noexcept { return proc_id(uid::anonymous()); }
  /// A fresh proc with a label.
  [[nodiscard]] static proc_id instance(hyperactor::label label) noexcept {
    return proc_id(uid::instance(std::move(label)));
  }
  /// The proc that this label is.
  [[nodiscard]] static proc_id singleton(hyperactor::label label) noexcept {
    return proc_id(uid::singleton(std::move(label)));
  }
  /// Reads the text form: a uid.
  /// @errors parse_error::invalid_proc_id
  template <class T = proc_id> [[nodiscard]] static result<T> parse(std::string_view text) {
    detail::when_used<detail::id_reader, T> reader(text);
    auto out = detail::read_uid<detail::when_used<hyperactor::uid, T>>(reader);
    if (out && reader.expect_end()) return T(std::move(*out));
    return error(parse_error::invalid_proc_id, "invalid proc id: invalid uid syntax: " + reader.error()->text);
  }
  /// The proc with this name: `label-base58` with at least 8 digits is an instance, every other text the singleton of
  /// the nearest label. `host-services` is an instance for that reason.
  template <class T = proc_id> [[nodiscard]] static T from_name(std::string_view name) {
    if (T out = instance_of_name<T>(name); out.uid_.is_instance()) return out;
    return singleton(hyperactor::label::strip(name));
  }
  /// As `from_name`, but a text that is no label is an error.
  /// @errors those of `label::parse`
  template <class T = proc_id> [[nodiscard]] static result<T> parse_name(std::string_view name) {
    if (T out = instance_of_name<T>(name); out.uid_.is_instance()) return out;
    auto word = hyperactor::label::parse<detail::when_used<hyperactor::label, T>>(name);
    if (!word) return error(word.error().code(), "invalid label: " + word.error().message());
    return T::singleton(std::move(*word));
  }

  [[nodiscard]] const hyperactor::uid& uid() const noexcept { return uid_; }
  /// The label of the uid, or `label::none()`.
  [[nodiscard]] const hyperactor::label& label() const noexcept { return uid_.label(); }
  /// Whether this is `service` or `local`, which every host has ([PID-2]).
  [[nodiscard]] bool is_pseudo_singleton() const noexcept {
    return uid_.is_singleton() && (uid_.label() == service_label || uid_.label() == local_label);
  }
  /// The own uid of an instance; for a singleton an instance whose number is a hash of the label, the same in every
  /// process. For short paths; never equal to the own uid of a singleton.
  [[nodiscard]] hyperactor::uid pseudo_uid() const noexcept {
    return uid_.is_instance() ? uid_ : uid::from_number(detail::fnv1a64(uid_.label().view()));
  }
  /// `directory/base58` of the pseudo uid: a short element of a path.
  [[nodiscard]] std::string to_path_elem(std::string_view directory) const {
    std::string out(directory);
    out += '/';
    out += pseudo_uid().instance_base58();
    return out;
  }

  /// The text of the uid.
  [[nodiscard]] std::string to_string() const { return uid_.to_string(); }
  /// The name: `label`, or `label-base58` for an instance (`resource-base58` without a label).
  [[nodiscard]] std::string to_name() const {
    if (uid_.is_singleton()) return uid_.label().to_string();
    std::string out(uid_.label() ? uid_.label().view() : detail::name_default_word);
    out += '-';
    out += uid_.instance_base58();
    return out;
  }
  /// `<'label' uid>` or `<uid>`.
  [[nodiscard]] std::string debug_string() const {
    std::string out = "<";
    if (label()) {
      out += '\'';
      out += label().view();
      out += "' ";
    }
    out += to_string();
    out += '>';
    return out;
  }
  [[nodiscard]] std::size_t hash() const noexcept { return uid_.hash(); }

  friend bool operator==(const proc_id&, const proc_id&) noexcept = default;
  friend std::strong_ordering operator<=>(const proc_id&, const proc_id&) noexcept = default;

  /// Label of the system proc of a host.
  static constexpr hyperactor::label service_label = "service";
  /// Label of the proc that runs in the process of a host.
  static constexpr hyperactor::label local_label = "local";

 private:
  /// The instance that a name means; any singleton where it means none.
  template <class T> [[nodiscard]] static T instance_of_name(std::string_view name) {
    const std::size_t dash = name.rfind('-');
    if (dash != std::string_view::npos && name.size() - dash - 1 >= detail::name_suffix_bytes_min) {
      const auto number = detail::decode_base58<detail::when_used<std::uint64_t, T>>(name.substr(dash + 1));
      const std::string_view word = name.substr(0, dash);
      if (number && detail::check_label(word).fault == parse_error{}) {
        return T(uid::from_number(
            *number, word == detail::name_default_word ? hyperactor::label::none() : hyperactor::label::strip(word)));
      }
    }
    return singleton(hyperactor::label::none());
  }

  hyperactor::uid uid_;
};

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::proc_id> {
  std::size_t operator()(const hyperactor::proc_id& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::proc_id> T>
struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_PROC_ID_HPP
