#pragma once

/* The looks of the reference page: one sheet, inside the page, dark or light as the reader likes.
 */
extern const char reference_style[];
