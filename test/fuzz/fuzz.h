#pragma once

/*
 * Targets of the fuzzer: each feeds one piece of rubbish to something that reads what strangers send. `./do fuzz` builds
 * them with libFuzzer; every ordinary build links them with replay.c and runs the committed corpus as a test.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
