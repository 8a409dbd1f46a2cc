/* The tables of the door: what crosses between the program and its media child, as JSON. */
#include "media/media_fields.h"

#include "media/media_wire.h"

const struct field clip_info_fields[] = {
    FIELD_TEXT(struct clip_info, container, "container"),
    FIELD_BOOL(struct clip_info, has_video, "hasVideo"),
    FIELD_BOOL(struct clip_info, has_audio, "hasAudio"),
    FIELD_TEXT(struct clip_info, video_codec, "videoCodec"),
    FIELD_TEXT(struct clip_info, audio_codec, "audioCodec"),
    FIELD_INT(struct clip_info, width_px, "width"),
    FIELD_INT(struct clip_info, height_px, "height"),
    FIELD_INT(struct clip_info, rate_num, "rateNum"),
    FIELD_INT(struct clip_info, rate_den, "rateDen"),
    FIELD_INT(struct clip_info, frame_count, "frames"),
    FIELD_INT(struct clip_info, video_us, "videoUs"),
    FIELD_INT(struct clip_info, duration_us, "durationUs"),
    FIELD_INT(struct clip_info, sound_rate_hz, "soundRate"),
    FIELD_INT(struct clip_info, channels, "channels"),
    FIELD_INT(struct clip_info, sample_count, "samples"),
    FIELD_INT(struct clip_info, bytes, "bytes"),
    FIELDS_END
};

const struct field film_shape_fields[] = {
    FIELD_INT(struct film_shape, width_px, "width", .min = 2, .max = FRAME_SIDE_MAX_PX),
    FIELD_INT(struct film_shape, height_px, "height", .min = 2, .max = FRAME_SIDE_MAX_PX),
    FIELDS_END
};

static const struct field song_section_fields[] = {
    FIELD_INT(struct song_section, start_us, "startUs"),
    FIELD_INT(struct song_section, end_us, "endUs"),
    FIELD_TEXT(struct song_section, label, "label"),
    FIELD_NUMBER(struct song_section, energy, "energy", .min = 0, .max = 1),
    FIELDS_END
};

const struct field song_map_fields[] = {
    FIELD_INT(struct song_map, duration_us, "durationUs", .required = true, .min = 1,
              .max = SONG_US_MAX),
    FIELD_INT(struct song_map, sample_count, "samples", .required = true),
    FIELD_NUMBER(struct song_map, tempo_bpm, "tempo"),
    FIELD_NUMBER(struct song_map, confidence, "confidence", .min = 0, .max = 1),
    FIELD_INTS(struct song_map, beats_us, beat_count, "beatsUs", .count_max = BEATS_MAX),
    FIELD_INTS(struct song_map, strong, strong_count, "strong", .min = 0, .max = 100,
               .count_max = BEATS_MAX),
    FIELD_INTS(struct song_map, bars_us, bar_count, "barsUs", .count_max = BEATS_MAX),
    FIELD_OBJECTS(struct song_map, sections, section_count, "sections", song_section_fields,
                  .count_max = SECTIONS_MAX),
    FIELD_NUMBERS(struct song_map, energy, energy_count, "energy", .min = 0, .max = 1,
                  .count_max = BEATS_MAX),
    FIELD_NUMBERS(struct song_map, peaks, peak_count, "peaks", .min = 0, .max = 1,
                  .count_max = PEAKS_MAX),
    FIELD_NUMBER(struct song_map, loudness_lufs, "loudness"),
    FIELDS_END
};

const struct field loudness_fields[] = {
    FIELD_NUMBER(struct loudness, integrated_lufs, "integrated"),
    FIELD_NUMBER(struct loudness, range_lu, "range"),
    FIELD_NUMBER(struct loudness, true_peak_dbtp, "truePeak"),
    FIELD_INT(struct loudness, sample_count, "samples"),
    FIELDS_END
};

const struct field waveform_request_fields[] = {
    FIELD_INT(struct waveform_request, bins, "bins", .required = true, .min = 1, .max = PEAKS_MAX),
    FIELDS_END
};

const struct field waveform_reply_fields[] = {
    FIELD_NUMBERS(struct waveform_reply, peaks, peak_count, "peaks", .count_max = PEAKS_MAX),
    FIELDS_END
};

const struct field voice_request_fields[] = { FIELD_INT(struct voice_request, frames, "frames",
                                                        .required = true, .min = 1,
                                                        .max = DRAW_FRAMES_MAX),
                                              FIELDS_END };

const struct field voice_reply_fields[] = { FIELD_NUMBERS(struct voice_reply, open, open_count,
                                                          "open", .min = 0, .max = 1,
                                                          .count_max = DRAW_FRAMES_MAX),
                                            FIELDS_END };

const struct field sound_cut_fields[] = {
    FIELD_INT(struct sound_cut, start_sample, "start", .min = 0, .max = 1e12),
    FIELD_INT(struct sound_cut, sample_count, "samples", .required = true, .min = 1, .max = 1e12),
    FIELD_INT(struct sound_cut, rate_hz, "rate", .min = 8000, .max = 96000,
              .preset = SOUND_RATE_HZ),
    FIELD_INT(struct sound_cut, channels, "channels", .min = 1, .max = 2, .preset = 2), FIELDS_END
};

static const struct field track_part_fields[] = {
    FIELD_INT(struct track_part, input_index, "input"),
    FIELD_INT(struct track_part, at_sample, "at"),
    FIELD_INT(struct track_part, in_sample, "in"),
    FIELD_INT(struct track_part, sample_count, "samples"),
    FIELD_NUMBER(struct track_part, gain_db, "gainDb", .min = -96, .max = 40),
    FIELD_INT(struct track_part, fade_in_samples, "fadeIn"),
    FIELD_INT(struct track_part, fade_out_samples, "fadeOut"),
    FIELD_BOOL(struct track_part, speaks, "speaks"),
    FIELD_BOOL(struct track_part, yields, "yields"),
    FIELDS_END
};

const struct field track_request_fields[] = {
    FIELD_OBJECTS(struct track_request, parts, part_count, "parts", track_part_fields,
                  .count_max = CLIPS_MAX),
    FIELD_INT(struct track_request, frame_count, "frames", .required = true, .min = 1, .max = 1e7),
    FIELD_NUMBER(struct track_request, target_lufs, "targetLufs", .min = -70, .max = 0),
    FIELD_INT(struct track_request, fade_out_samples, "fadeOut"), FIELDS_END
};

const struct field track_info_fields[] = {
    FIELD_INT(struct track_info, sample_count, "samples"),
    FIELD_NUMBER(struct track_info, loudness_lufs, "loudness"),
    FIELD_NUMBER(struct track_info, true_peak_dbtp, "truePeak"),
    FIELDS_END
};

const struct field picture_info_fields[] = {
    FIELD_TEXT(struct picture_info, format, "format"),
    FIELD_INT(struct picture_info, width_px, "width"),
    FIELD_INT(struct picture_info, height_px, "height"),
    FIELD_BOOL(struct picture_info, has_alpha, "hasAlpha"),
    FIELDS_END
};

static const struct field film_caption_fields[] = {
    FIELD_INT(struct film_caption, at_frame, "at", .min = 0, .max = 1e7),
    FIELD_INT(struct film_caption, frame_count, "frames", .min = 0, .max = 1e7),
    FIELD_TEXT(struct film_caption, words, "words"),
    FIELDS_END
};

const struct field clip_span_fields[] = {
    FIELD_INT(struct clip_span, in_frame, "in", .min = 0, .max = 1e7),
    FIELD_INT(struct clip_span, out_frame, "out", .min = 0, .max = 1e7),
    FIELD_OBJECT(struct clip_span, shape, "shape", film_shape_fields),
    FIELD_BOOL(struct clip_span, encode_all, "encodeAll"),
    FIELD_OBJECTS(struct clip_span, captions, caption_count, "captions", film_caption_fields,
                  .count_max = CLIPS_MAX),
    FIELDS_END
};

const struct field compose_request_fields[] = {
    /* the last descriptor is the track */
    FIELD_BOOL(struct compose_request, with_track, "withTrack"),
    FIELD_OBJECTS(struct compose_request, captions, caption_count, "captions", film_caption_fields,
                  .count_max = CLIPS_MAX),
    FIELDS_END
};

const struct field film_info_fields[] = {
    FIELD_INT(struct film_info, frame_count, "frames"),
    FIELD_INT(struct film_info, sample_count, "samples"),
    FIELD_INT(struct film_info, bytes, "bytes"),
    FIELDS_END
};

const struct field film_check_fields[] = {
    FIELD_INT(struct film_check, frame_count, "frames"),
    FIELD_INT(struct film_check, sample_count, "samples"),
    FIELD_NUMBER(struct film_check, black_share, "blackShare"),
    FIELD_BOOL(struct film_check, silent, "silent"),
    FIELD_NUMBER(struct film_check, loudness_lufs, "loudness"),
    FIELD_BOOL(struct film_check, fast_start, "fastStart"),
    FIELDS_END
};

const struct field still_request_fields[] = {
    FIELD_INT(struct still_request, frame, "frame", .min = 0, .max = 1e7),
    FIELD_BOOL(struct still_request, middle, "middle"),
    FIELD_INT(struct still_request, width_px, "width", .min = 0, .max = FRAME_SIDE_MAX_PX),
    FIELD_INT(struct still_request, height_px, "height", .min = 0, .max = FRAME_SIDE_MAX_PX),
    FIELDS_END
};

const struct field strip_request_fields[] = {
    FIELD_INT(struct strip_request, count, "count", .required = true, .min = 1, .max = 200),
    FIELD_INT(struct strip_request, height_px, "height", .required = true, .min = 16, .max = 1080),
    FIELDS_END
};

static const struct field sheet_cell_fields[] = {
    FIELD_TEXT(struct sheet_cell, number, "number"),
    FIELD_TEXT(struct sheet_cell, title, "title"),
    FIELD_TEXT(struct sheet_cell, length, "length"),
    FIELD_TEXT(struct sheet_cell, note, "note"),
    FIELDS_END
};

const struct field sheet_request_fields[] = {
    FIELD_TEXT(struct sheet_request, title, "title"),
    FIELD_TEXT(struct sheet_request, subtitle, "subtitle"),
    FIELD_OBJECTS(struct sheet_request, cells, cell_count, "cells", sheet_cell_fields,
                  .count_max = SCENES_MAX),
    FIELD_INT(struct sheet_request, columns, "columns", .min = 0, .max = 50), FIELDS_END
};

const struct field frame_hashes_fields[] = {
    FIELD_TEXTS(struct frame_hashes, hashes, hash_count, "hashes"),
    FIELDS_END
};

const struct field media_nothing_fields[] = { FIELDS_END };

const struct field wire_fault_fields[] = {
    FIELD_TEXT(struct wire_fault, code, "code", .required = true),
    FIELD_TEXT(struct wire_fault, message, "message", .required = true),
    FIELD_TEXT(struct wire_fault, next, "next"),
    FIELD_TEXT(struct wire_fault, field, "field"),
    FIELDS_END
};
