// SPDX-License-Identifier: BSD-3-Clause

/// Bytes that an idle actor holds after it has handled one message. The value is the larger of what the heap handed out
/// and what the process grew by, so that memory taken past the heap is counted too; `requested` is what counting
/// allocation functions saw, `live` the number of actors.

#include "actors.hpp"
#include "counting_new.hpp"

#include <unistd.h>
#include <atomic>

namespace bench {

struct touch {};

struct idler {
  using handlers = ha::handlers<touch>;

  std::atomic<std::uint64_t>* left;
  done_signal* done;

  void handle(ha::context<idler>&, touch) {
    if (left->fetch_sub(1, std::memory_order_acq_rel) == 1) done->release();
  }
};

struct memory {
  double heap = 0;
  double resident = 0;
  double requested = 0;

  static memory now() {
    memory m;
    struct mallinfo2 info = ::mallinfo2();
    m.heap = static_cast<double>(info.uordblks + info.hblkhd);
    if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
      unsigned long total = 0;
      unsigned long resident = 0;
      if (std::fscanf(file, "%lu %lu", &total, &resident) == 2) {
        m.resident = static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
      }
      std::fclose(file);
    }
    m.requested = static_cast<double>(allocations::now().bytes_in_use);
    return m;
  }
};

static void grow(ha::proc& proc, ha::client& client, std::vector<ha::actor_handle<idler>>& idlers, std::uint64_t more) {
  std::atomic<std::uint64_t> left{more};
  done_signal done(0);
  std::size_t first = idlers.size();
  for (std::uint64_t i = 0; i < more; ++i) idlers.push_back(proc.spawn(idler{&left, &done}));
  // One at a time in effect: the figure is for idle actors, not for a queue of a hundred thousand messages.
  for (std::size_t i = first; i < idlers.size(); ++i) {
    idlers[i].post(client, touch{});
    if ((i - first) % 100 == 99) {
      while (left.load(std::memory_order_acquire) > more - (i - first) - 1) std::this_thread::yield();
    }
  }
  wait_for(done);
}

}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  options options(argc, argv);
  ha::proc proc = ha::proc::isolated();
  ha::client client = proc.client("main");
  std::uint64_t measured = options.amount(100'000, 10'000);
  std::vector<ha::actor_handle<idler>> idlers;
  idlers.reserve(measured + 10'000);
  std::fill_n(reinterpret_cast<volatile char*>(idlers.data()), idlers.capacity() * sizeof(idlers[0]), '\0');
  grow(proc, client, idlers, 10'000);
  memory before = memory::now();
  grow(proc, client, idlers, measured);
  memory after = memory::now();
  auto each = [&](double memory::* what) { return (after.*what - before.*what) / static_cast<double>(measured); };
  double heap = each(&memory::heap);
  double resident = each(&memory::resident);
  report("idle_bytes", "hyperactor", options.threads(), std::max(heap, resident), "bytes/actor",
         field("heap", heap) + field("resident", resident) + field("requested", each(&memory::requested)) +
             field("live", static_cast<double>(idlers.size())));
  for (ha::actor_handle<idler>& one : idlers) one.stop("done");
  for (ha::actor_handle<idler>& one : idlers) one.join();
}
