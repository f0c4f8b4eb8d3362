// libFuzzer's driver, to be called from a main of one's own.
// Source: LLVM, "libFuzzer: Using libFuzzer as a library".
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));
