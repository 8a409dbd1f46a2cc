/*
 * Inputs are hashed all together into the artifact's hash, and one by one, cheaply, into a "part"
 * each ("prompt:1f0c9a2b"). The parts are kept with what was made, so that a later difference can
 * be said in words; they decide nothing.
 */
#include "flow/recipe.h"

#include <string.h>

#include "base/rng.h"
#include "flow/graph.h"

/* Raised when an operation's result changes for equal inputs. */
static const char *const maker_versions[ARTIFACT_KIND_COUNT] = {
    [ARTIFACT_MUSIC] = "1",    [ARTIFACT_VOICE] = "1",
    [ARTIFACT_SONG_MAP] = "1", [ARTIFACT_PLAN] = "1", [ARTIFACT_TAKE] = "1",
    [ARTIFACT_LIPSYNC] = "1",  [ARTIFACT_CLIP] = "1", [ARTIFACT_POSTER] = "1",
    [ARTIFACT_TRACK] = "1",    [ARTIFACT_FILM] = "1",
};

/* What a changed part means, for people. */
static const struct {
    const char *part, *words;
} causes[] = {
    { "audio", "the song changed" },
    { "concept", "the concept changed" },
    { "character", "the character changed" },
    { "product", "the product changed" },
    { "style", "the style changed" },
    { "mode", "the mode changed" },
    { "song-map", "the song map changed" },
    { "count", "the number of scenes changed" },
    { "length", "the length changed" },
    { "seed", "the seed changed" },
    { "prompt", "the prompt changed" },
    { "negative", "the negative prompt changed" },
    { "look", "the picture changed" },
    { "cue", "the song cue changed" },
    { "model", "the video model changed" },
    { "shape", "the size or aspect changed" },
    { "pictures", "a reference picture changed" },
    { "words", "the words on the card changed" },
    { "overlay", "the storyboard marks changed" },
    { "take", "another take is selected" },
    { "trim", "the trim changed" },
    { "offset", "offset moved" },
    { "lip-sync", "the lip-sync changed" },
    { "tune", "the words for the music changed" },
    { "speaker", "the words to be spoken changed" },
    { "by", "its model changed" },
    { "lips", "the lip-sync model changed" },
    { "speech", "the lip-sync options changed" },
    { "order", "the order of scenes changed" },
    { "clips", "a scene's clip changed" },
    { "track", "the sound changed" },
    { "captions", "the captions changed" },
    { "voice", "the voice changed" },
    { "level", "the loudness target changed" },
    { "ending", "the way the song ends changed" },
    { "under", "the music steps back under the voice" },
    { "planner", "the planner changed" },
    { "draft", "a new plan was asked for" },
    { "maker", "Storyreel makes it differently now" },
    { "clip", "the clip changed" },
};

struct recipe recipe_new(struct arena *a, int kind)
{
    return (struct recipe){
        .arena = a,
        .whole = hash_new(artifact_kind_names[kind]),
        .parts = text_new(a),
    };
}

/* "prompt:1f0c9a2b"; written by hand, as a plan of a thousand scenes has fifteen thousand of
 * them. */
static void write_part(struct text *out, const char *name, uint32_t digest)
{
    static const char digits[] = "0123456789abcdef";
    char hex[9] = ":";
    for (int i = 8; i > 0; i--, digest >>= 4)
        hex[i] = digits[digest & 15];
    if (out->length)
        text_append(out, " ");
    text_append(out, name);
    text_append_n(out, hex, sizeof hex);
}

void recipe_add(struct recipe *r, const char *name, const char *value)
{
    uint64_t digest = rng_seed_from_text(value ? value : "");
    hash_add(&r->whole, name, value);
    write_part(&r->parts, name, (uint32_t)(digest ^ digest >> 32));
}

void recipe_add_int(struct recipe *r, const char *name, int64_t value)
{
    struct text text = text_new(r->arena);
    text_append_int(&text, value);
    recipe_add(r, name, text_end(&text));
}

/* Was this part ("prompt:1f0c9a2b") the same when the thing was made? */
static bool part_was(const struct made *made, const char *part, size_t bytes)
{
    for (const char *p = made->parts; p && *p; p += strspn(p, " ")) {
        size_t length = strcspn(p, " ");
        if (length == bytes && memcmp(p, part, bytes) == 0)
            return true;
        p += length;
    }
    return false;
}

static const char *cause_words(struct arena *a, const char *name, size_t name_bytes)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (strlen(causes[i].part) == name_bytes && memcmp(causes[i].part, name, name_bytes) == 0)
            return causes[i].words;
    }
    return arena_format(a, "%.*s changed", (int)name_bytes, name);
}

const char *recipe_stale_cause(struct recipe *r, const struct made *made)
{
    struct arena *a = r->arena;
    struct text out = text_new(a);
    for (const char *p = text_end(&r->parts); *p; p += strspn(p, " ")) {
        size_t bytes = strcspn(p, " ");
        if (!part_was(made, p, bytes))
            text_printf(&out, "%s%s", out.length ? ", " : "",
                        cause_words(a, p, strcspn(p, ":")));
        p += bytes;
    }
    return out.length ? text_end(&out) : "its inputs changed";
}

const char *recipe_end(struct recipe *r, int kind)
{
    recipe_add(r, "maker", maker_versions[kind]);
    return hash_end(&r->whole, r->arena);
}
