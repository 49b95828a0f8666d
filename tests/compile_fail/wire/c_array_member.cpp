// expect: hyperactor: a member of T is a C array; use std::array
// expect: matrix
// errors: 1
#include <hyperactor/wire/encode.hpp>

#include <array>

struct matrix {
  int rows;
#ifdef HYPERACTOR_FIXED
  std::array<double, 9> cells;
#else
  double cells[9];
#endif
};

bool receive(hyperactor::wire::multipart m) { return hyperactor::wire::decode<matrix>(std::move(m)).has_value(); }
