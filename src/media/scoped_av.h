#pragma once

/* The kinds of FFmpeg handle that a local can hold: scoped(av_frame) AVFrame *frame = NULL; */

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

#include "base/scoped.h"

static inline void av_frame_scoped(AVFrame **frame)
{
    av_frame_free(frame);
}

static inline void av_packet_scoped(AVPacket **packet)
{
    av_packet_free(packet);
}

static inline void av_codec_scoped(AVCodecContext **codec)
{
    avcodec_free_context(codec);
}

static inline void av_dict_scoped(AVDictionary **dict)
{
    av_dict_free(dict);
}

static inline void av_resampler_scoped(SwrContext **resampler)
{
    swr_free(resampler);
}

static inline void av_scaler_scoped(struct SwsContext **scaler)
{
    sws_freeContext(*scaler);
}
