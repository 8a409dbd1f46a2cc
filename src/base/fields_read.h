#pragma once

/*
 * The short way from text to structs: documents as this program writes them are read straight into
 * place, several times faster than through a tree of values. Inside base/ only; everyone else calls
 * fields_decode_text().
 */

#include "base/fields.h"

/*
 * True: *out is filled as fields_decode_text() would fill it. False: this is for the long way,
 * because it is spelled in a manner that is rare or because something is wrong with it; *out holds
 * rubbish. What the long way would refuse is never accepted here.
 */
bool fields_read(struct arena *a, const struct field *fields, const char *text, size_t bytes,
                 void *out);
