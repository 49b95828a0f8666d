// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_IDENTITY_PORT_HPP
#define HYPERACTOR_IDENTITY_PORT_HPP

/// @file
/// `port`: which port of an actor's mailbox.
///
/// [PRT-1] Ephemeral ports are numbered by their mailbox; the handler port of a message is the hash of its wire name,
///         with a label for people; control ports are three fixed ones. Ports of different kinds are never equal, even
///         where their numbers are.
/// [PRT-2] Order: ephemeral, handler, control; inside a kind by number. Labels take no part in it, nor in equality.

#include <hyperactor/base/when_used.hpp>
#include <hyperactor/identity/uid.hpp>

namespace hyperactor::inline v0 {

/// The ports that the runtime serves itself.
enum class control_port : std::uint8_t {
  introspect,  ///< answers what an actor is doing
  signal,      ///< stop, drain, kill
  status,      ///< answers in which state an actor is, even after its end
};

/// `introspect`, `signal` or `status`.
[[nodiscard]] constexpr std::string_view to_string_view(control_port port) noexcept {
  constexpr std::string_view names[] = {"introspect", "signal", "status"};
  return names[static_cast<std::size_t>(port)];
}
/// The control port of this name.
/// @errors parse_error::invalid_port
template <class T = control_port> [[nodiscard]] result<T> parse_control_port(std::string_view text) {
  for (const T port : {T::introspect, T::signal, T::status}) {
    if (text == to_string_view(port)) return port;
  }
  std::string message = "unknown control port \"";
  message += text;
  message += '"';
  return error(parse_error::invalid_port, std::move(message));
}

namespace detail {

/// The label of a message's handler port: made of what follows the last `::` of its wire name.
constexpr stripped_label handler_label(std::string_view wire_name) noexcept {
  const std::size_t colons = wire_name.rfind("::");
  return strip_label(colons == std::string_view::npos ? wire_name : wire_name.substr(colons + 2));
}

}  // namespace detail

/// One port of a mailbox.
/// @threadsafe as a value
class port {
 public:
  enum class kind : std::uint8_t {
    ephemeral,  ///< opened by `open_port`
    handler,    ///< of one message type of an actor
    control,    ///< served by the runtime
  };

  /// The port that its mailbox gave this number.
  [[nodiscard]] static port ephemeral(std::uint64_t number) noexcept {
    return {kind::ephemeral, number, hyperactor::label::none()};
  }
  /// The port of the message whose wire name has this hash; the label is decoration.
  [[nodiscard]] static port handler(std::uint64_t type_hash,
                                    hyperactor::label label = hyperactor::label::none()) noexcept {
    return {kind::handler, type_hash, std::move(label)};
  }
  /// A port that the runtime serves.
  [[nodiscard]] static port control(control_port which) noexcept {
    return {kind::control, static_cast<std::uint64_t>(which), hyperactor::label::none()};
  }
  /// Reads a number or the uid of a handler; names of control ports stand after `!` and are no ports by themselves.
  /// @errors parse_error::invalid_port
  template <class T = port> [[nodiscard]] static result<T> parse(std::string_view text);

  [[nodiscard]] kind which() const noexcept { return kind_; }
  [[nodiscard]] bool is_ephemeral() const noexcept { return kind_ == kind::ephemeral; }
  [[nodiscard]] bool is_handler() const noexcept { return kind_ == kind::handler; }
  [[nodiscard]] bool is_control() const noexcept { return kind_ == kind::control; }
  [[nodiscard]] bool is_control(control_port which) const noexcept {
    return kind_ == kind::control && number_ == static_cast<std::uint64_t>(which);
  }
  /// The number of an ephemeral port, the type hash of a handler port, the position of a control port. Not a key:
  /// numbers of different kinds may be the same.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// The uid of a handler port: an instance.
  /// @pre is_handler()
  [[nodiscard]] hyperactor::uid handler_uid() const noexcept { return uid::from_number(number_, label_); }
  /// The decoration of a handler port, or `label::none()`.
  [[nodiscard]] const hyperactor::label& label() const noexcept { return label_; }

  /// The number, the uid of the handler, or the name of the control port.
  [[nodiscard]] std::string to_string() const {
    switch (kind_) {
      case kind::handler:
        return handler_uid().to_string();
      case kind::control:
        return std::string(to_string_view(static_cast<control_port>(number_)));
      default:
        return std::to_string(number_);
    }
  }
  /// `Port::Ephemeral(42)`, `Port::Handler(u64<pDi1gahZSVC>)` or `Port::Control(Status)`.
  [[nodiscard]] std::string debug_string() const {
    constexpr const char* prefixes[] = {"Port::Ephemeral(", "Port::Handler(", "Port::Control("};
    std::string out = prefixes[static_cast<std::size_t>(kind_)];
    const std::size_t first = out.size();
    out += to_string();
    if (kind_ == kind::control) out[first] = static_cast<char>(out[first] - 'a' + 'A');
    out += ')';
    return out;
  }
  [[nodiscard]] std::size_t hash() const noexcept {
    return static_cast<std::size_t>(detail::mix_bits(number_ + static_cast<std::uint64_t>(kind_)));
  }

  friend bool operator==(const port& a, const port& b) noexcept {  // [PRT-1]
    return a.kind_ == b.kind_ && a.number_ == b.number_;
  }
  friend std::strong_ordering operator<=>(const port& a, const port& b) noexcept {  // [PRT-2]
    return a.kind_ != b.kind_ ? a.kind_ <=> b.kind_ : a.number_ <=> b.number_;
  }

 private:
  port(kind which, std::uint64_t number, hyperactor::label label) noexcept
      : number_(number), label_(std::move(label)), kind_(which) {}

  std::uint64_t number_;
  hyperactor::label label_;
  kind kind_;
};

static_assert(sizeof(port) <= 32);

namespace detail {

template <class T = port, class Reader> std::optional<T> read_port(Reader& reader) {
  if (reader.at(id_token_kind::text)) {
    const id_token text = reader.peek();
    Reader after = reader;
    after.take();
    if (is_decimal(text.text)) {
      const decimal number = read_decimal(text.text);
      if (number.fault == nullptr) {
        reader.take();
        return T::ephemeral(number.value);
      }
    }
    if (is_decimal(text.text) || !after.at(id_token_kind::less)) {
      reader.fail(syntax_fault::invalid_port, text.span, "invalid port " + text.describe());
      return std::nullopt;
    }
  } else if (!reader.at(id_token_kind::less)) {
    reader.fail_expected("port");
    return std::nullopt;
  }
  auto handler = read_uid(reader);
  if (!handler) return std::nullopt;
  return T::handler(handler->number(), handler->label());
}

template <class T = port, class Reader> std::optional<T> read_control_port(Reader& reader) {
  if (reader.at(id_token_kind::text)) {
    if (const auto which = parse_control_port<when_used<control_port, T>>(reader.peek().text)) {
      reader.take();
      return T::control(*which);
    }
  }
  reader.fail_expected("control port");
  return std::nullopt;
}

}  // namespace detail

template <class T> result<T> port::parse(std::string_view text) {
  if (detail::is_decimal(text)) {  // the empty text, too
    const detail::decimal number = detail::read_decimal(text);
    if (number.fault == nullptr) return ephemeral(number.value);
    return error(parse_error::invalid_port, std::string("invalid ephemeral port: ") + number.fault);
  }
  auto handler_uid = uid::parse(text);
  if (!handler_uid) return error(parse_error::invalid_port, "invalid handler port: " + handler_uid.error().message());
  if (handler_uid->is_singleton()) {
    return error(parse_error::invalid_port, "invalid handler port: invalid uid syntax: " + std::string(text));
  }
  return handler(handler_uid->number(), handler_uid->label());
}

}  // namespace hyperactor::inline v0

template <> struct std::hash<hyperactor::port> {
  std::size_t operator()(const hyperactor::port& value) const noexcept { return value.hash(); }
};
template <std::same_as<hyperactor::port> T> struct fmt::formatter<T, char> : hyperactor::detail::text_formatter<T> {};

#endif  // HYPERACTOR_IDENTITY_PORT_HPP
