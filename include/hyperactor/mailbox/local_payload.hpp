// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#ifndef HYPERACTOR_MAILBOX_LOCAL_PAYLOAD_HPP
#define HYPERACTOR_MAILBOX_LOCAL_PAYLOAD_HPP

/// @file
/// A message value of erased type that never left the process: what an envelope holds instead of bytes.
///
/// [LPL-1] The value is destroyed exactly once: by `take`, or with its owner.

#include <hyperactor/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyperactor::inline v0 {
class any_value;
}

namespace hyperactor::inline v0::detail {

template <class T> HYPERACTOR_SHARED inline char type_tag = 0;

/// An address that is the same for the same type in the whole process.
template <class T> [[nodiscard]] const void* type_id() noexcept { return &type_tag<std::remove_cv_t<T>>; }

/// What is the same for all payloads of one type and one kind of owner.
struct local_payload_operations {
  void (*destroy)(void* owner) noexcept;
  void* (*value)(void* owner) noexcept;
  result<any_value> (*encode)(void* owner);  ///< null where the type cannot travel
  std::string_view type_name;
  std::uint64_t type_hash;  ///< 0 where the type cannot travel
  const void* type_id;
};

/// Owns a value through static operations; nothing is copied and nothing is known about its type.
class local_payload {
 public:
  local_payload() noexcept = default;
  /// Takes `owner` over.
  local_payload(void* owner, const local_payload_operations& operations) noexcept
      : owner_(owner), operations_(&operations) {}
  local_payload(local_payload&& o) noexcept
      : owner_(std::exchange(o.owner_, nullptr)), operations_(std::exchange(o.operations_, nullptr)) {}
  local_payload& operator=(local_payload&& o) noexcept {
    if (this != &o) {
      reset();
      owner_ = std::exchange(o.owner_, nullptr);
      operations_ = std::exchange(o.operations_, nullptr);
    }
    return *this;
  }
  ~local_payload() { reset(); }

  void reset() noexcept {
    if (operations_) std::exchange(operations_, nullptr)->destroy(std::exchange(owner_, nullptr));  // [LPL-1]
  }
  explicit operator bool() const noexcept { return operations_ != nullptr; }

  /// The value, where it is an `M`.
  template <class M> [[nodiscard]] M* get_if() const noexcept {
    if (!operations_ || operations_->type_id != detail::type_id<M>()) return nullptr;
    return static_cast<M*>(operations_->value(owner_));
  }
  /// @pre holds a value
  [[nodiscard]] const local_payload_operations& operations() const noexcept { return *operations_; }
  /// Hands the owner back to the one who knows what it is; the payload is empty then.
  [[nodiscard]] void* release() noexcept {
    operations_ = nullptr;
    return std::exchange(owner_, nullptr);
  }
  /// The value as it would travel. Defined in mailbox/envelope.hpp.
  /// @errors wire_error::unsupported, where the type cannot
  template <class Value = any_value> [[nodiscard]] result<Value> encode() const;

 private:
  void* owner_ = nullptr;
  const local_payload_operations* operations_ = nullptr;
};

}  // namespace hyperactor::inline v0::detail

#endif  // HYPERACTOR_MAILBOX_LOCAL_PAYLOAD_HPP
