/*
 * What kinds of products are for. Each kind has its own small trouble, its own way of being used
 * and looked at, and words for the end card; nothing here claims what a product does beyond what
 * its kind plainly does.
 */
#include "plan/story.h"

static const struct story_line drink_hook[] = {
    DETAIL_OF("Before the first sip",
              "a cold kitchen tap, an empty cup, and a clock that says far too early")
        ACT(SLEEP, "Head on the table", "{hero} [sleeps] upright at the table, chin in one hand")
            LINES_END
};
static const struct story_line drink_problem[] = {
    ACT(STAND, "Not awake yet",
        "{hero} [pours] cereal beside the bowl and [looks] at it for a long time")
        ACT(WALK, "Grey start", "{hero} [shuffles] through {place} in one slipper, eyes half shut")
            ACT(LOOK_AWAY, "Cold hands",
                "{hero} [rubs] both hands together and [breathes] into them") LINES_END
};
static const struct story_line drink_product[] = {
    DETAIL_OF("The lid comes off",
              "{product} <stands> in the first stripe of sun, steam beginning to rise")
        ACT(REACH, "Reaching for it",
            "{hero} [reaches] across the table for {product} without looking") LINES_END
};
static const struct story_line drink_benefit[] = {
    ACT(DRINK, "First sip", "{hero} [takes] the first sip and the colour comes back into the room")
    ACT(LOOK_UP, "Window open", "{hero} [pushes] the window open with a cup in the other hand")
    ACT(DANCE, "Small kitchen dance", "{hero} [does] two dance steps between table and sink")
    LINES_END
};
static const struct story_line drink_proof[] = {
    DETAIL_OF("The pour",
              "{product} <stands> beside a cup as the pour turns from a thread to a ribbon")
        DETAIL_OF("Steam curls", "steam draws one slow curl around {product}") LINES_END
};

static const struct story_line food_hook[] = {
    DETAIL_OF("Empty shelf", "the fridge opens on half a lemon and its own light")
    ACT(COOK, "Smoke alarm", "{hero} [waves] a tea towel at a smoke alarm")
    LINES_END
};
static const struct story_line food_problem[] = {
    ACT(SIT, "Sad sandwich", "{hero} [unwraps] a flat sandwich and [wraps] it up again")
    ACT(STAND, "Long queue", "{hero} [stands] last in a queue that does not move")
    LINES_END
};
static const struct story_line food_product[] = {
    DETAIL_OF("On the board", "{product} <lands> on a wooden board in a puff of flour")
    ACT(HOLD, "Both hands", "{hero} [carries] {product} to the table with both hands")
    LINES_END
};
static const struct story_line food_benefit[] = {
    ACT(DRINK, "First bite", "{hero} [takes] a bite and [closes] {their} eyes")
    ACT(WAVE, "Everyone at the table", "{hero} [waves] three more people over to the table")
    LINES_END
};
static const struct story_line food_proof[] = {
    DETAIL_OF("Broken open", "{product} <is> broken open and the inside steams")
    DETAIL_OF("Crumbs", "{product} <has> one piece missing, and crumbs lead out of frame")
    LINES_END
};

static const struct story_line move_hook[] = {
    DETAIL_OF("Laces at dawn", "laces snap tight on the kerb before anyone else is up")
    ACT(SIT, "Snooze", "{hero} [reaches] out from under a blanket and [silences] an alarm")
    LINES_END
};
static const struct story_line move_problem[] = {
    ACT(FALL, "Out of step", "{hero} [limps] to a stop and [bends] over, hands on knees")
        ACT(LOOK_AWAY, "Rain again",
            "{hero} [looks] at the rain through the glass of the front door and [sits] back down")
            LINES_END
};
static const struct story_line move_product[] = {
    DETAIL_OF("On the step",
              "{product} <stands> on a doorstep, the street empty and shining behind")
        ACT(HOLD, "Putting it on", "{hero} [kneels] and [gets] ready with {product}") LINES_END
};
static const struct story_line move_benefit[] = {
    ACT(RUN, "Into stride",
        "{hero} [finds] a stride and [keeps] it, street lamps passing like a metronome")
        ACT(JUMP, "Two at a time",
            "{hero} [takes] the long stairs two at a time and [turns] at the top with both arms up")
            LINES_END
};
static const struct story_line move_proof[] = {
    DETAIL_OF("Water off", "water bursts off {product} in slow motion, every drop lit")
    DETAIL_OF("Materials", "light slides along the seams of {product}")
    LINES_END
};

static const struct story_line tech_hook[] = {
    DETAIL_OF("One per cent", "a battery sign turns red in the corner of a dark screen")
    ACT(TYPE, "Eleven tabs", "{hero} [stares] at a screen that stares back, eyes full of windows")
    LINES_END
};
static const struct story_line tech_problem[] = {
    ACT(HOLD, "Cable drawer",
        "{hero} [pulls] a knot of cables out of a drawer; the drawer comes too")
        ACT(WALK, "No signal",
            "{hero} [walks] around {place} with one arm up, hunting for a signal") LINES_END
};
static const struct story_line tech_product[] = {
    DETAIL_OF("Power on", "{product} <wakes>, and its light spreads over the table top")
    ACT(REACH, "One touch", "{hero} [puts] a fingertip to {product} and everything else goes quiet")
    LINES_END
};
static const struct story_line tech_benefit[] = {
    ACT(WALK, "Hands free",
        "{hero} [walks] through {place} with nothing in {their} hands and nothing to look for")
        ACT(DANCE, "In a world of one's own", "{hero} [moves] to music nobody else can hear")
            LINES_END
};
static const struct story_line tech_proof[] = {
    DETAIL_OF("Edge to edge", "{product} <turns> until its thinnest edge faces the lens")
    DETAIL_OF("The click", "{product} <closes> with a small exact click")
    LINES_END
};

static const struct story_line beauty_hook[] = {
    DETAIL_OF("Mirror light", "the bulbs around a mirror come on one by one")
    FACE(STAND, "Bare face", "{hero} [looks] at {their} own reflection without moving")
    LINES_END
};
static const struct story_line beauty_problem[] = {
    ACT(LOOK_AWAY, "Dry air", "{hero} [touches] one cheek and [frowns] at the mirror")
    ACT(STAND, "Too many jars", "{hero} [stands] before a shelf of jars and [takes] none of them")
    LINES_END
};
static const struct story_line beauty_product[] = {
    DETAIL_OF("On the glass shelf",
              "{product} <stands> on a glass shelf, the shadow full of colour")
        ACT(HOLD, "Held to the light", "{hero} [holds] {product} up to the window") LINES_END
};
static const struct story_line beauty_benefit[] = {
    ACT(TURN, "Head turned", "{hero} [turns] into the light, at ease")
        ACT(WALK, "Through the lobby",
            "{hero} [walks] through {place} and somebody forgets what they were saying") LINES_END
};
static const struct story_line beauty_proof[] = {
    DETAIL_OF("One drop", "a single drop slides down beside {product} and holds at the edge")
    DETAIL_OF("Texture", "a fingertip draws a stripe next to {product}, smooth as paint")
    LINES_END
};

static const struct story_line ride_hook[] = {
    DETAIL_OF("Key on the hook", "a key swings on its hook as the floor begins to hum")
    ACT(STAND, "Missed it", "{hero} [watches] the last bus leave")
    LINES_END
};
static const struct story_line ride_problem[] = {
    ACT(SIT, "Standstill", "{hero} [sits] in a line of red lights that reaches the horizon")
    ACT(WALK, "On foot", "{hero} [walks] along the hard shoulder with a petrol can")
    LINES_END
};
static const struct story_line ride_product[] = {
    DETAIL_OF("Garage door", "a garage door rises and light climbs over {product}")
    ACT(REACH, "Hand on it", "{hero} [runs] one hand along {product}")
    LINES_END
};
static const struct story_line ride_benefit[] = {
    ACT(DRIVE, "Coast road", "{hero} [takes] the bend by the sea and [laughs] at nothing")
    ACT(RIDE, "Gone before the lights", "{hero} [is] away before the lights have finished changing")
    LINES_END
};
static const struct story_line ride_proof[] = {
    DETAIL_OF("Wet road", "{product} <crosses> standing water and leaves a clean line")
    DETAIL_OF("Reflections", "the sky runs over {product} from front to back")
    LINES_END
};

static const struct story_line home_hook[] = {
    DETAIL_OF("Half past six", "a room in the half dark with one corner nobody uses")
    ACT(STAND, "The wobble", "{hero} [sets] something down very carefully; it slides off")
    LINES_END
};
static const struct story_line home_problem[] = {
    ACT(HOLD, "Stuff everywhere", "{hero} [tries] to close a cupboard that has other plans")
        ACT(LOOK_AWAY, "In the dark",
            "{hero} [feels] along the wall for a switch and [meets] the door instead") LINES_END
};
static const struct story_line home_product[] = {
    DETAIL_OF("In its place",
              "{product} <stands> where the light falls, and the room arranges itself to suit")
        ACT(HOLD, "Unboxing", "{hero} [lifts] {product} out of the paper") LINES_END
};
static const struct story_line home_benefit[] = {
    ACT(SIT, "Feet up", "{hero} [sits] back, feet up, and [lets] the evening happen")
    ACT(READ, "One more page", "{hero} [reads] one more page, and then one more")
    LINES_END
};
static const struct story_line home_proof[] = {
    DETAIL_OF("By hand", "a thumb runs along the edge of {product}")
    DETAIL_OF("Day to night", "{product} <keeps> still while the daylight goes round and away")
    LINES_END
};

static const struct story_line any_hook[] = {
    DETAIL_OF("Something's coming", "every glass on a shelf begins to ring very quietly")
    FACE(LOOK_UP, "Did you hear that", "{hero} [looks] up from what {their} hands were doing")
    LINES_END
};
static const struct story_line any_problem[] = {
    ACT(SIT, "Stuck", "{hero} [sits] in the middle of it all with no idea where to start")
        ACT(WALK, "Round and round",
            "{hero} [walks] the same circle through {place} for the third time")
            ACT(LOOK_AWAY, "That sinking feeling",
                "{hero} [looks] at the clock, then at the door, then at the clock") LINES_END
};
static const struct story_line any_product[] = {
    DETAIL_OF("Lights up", "{product} <comes> out of the dark as one light sweeps across it")
    ACT(REACH, "There it is", "{hero} [reaches] for {product}, and the whole picture warms")
    LINES_END
};
static const struct story_line any_benefit[] = {
    ACT(WALK, "Easy stride", "{hero} [crosses] {place} with an easy stride and both hands free")
    ACT(WAVE, "Caught laughing", "{hero} [laughs] {at}, caught off guard by how simple it was")
    ACT(JUMP, "Extra step", "{hero} [adds] a small jump to an ordinary step")
    LINES_END
};
static const struct story_line any_proof[] = {
    DETAIL_OF("Near enough to touch", "{product} <fills> the frame, every material readable")
    ACT(HOLD, "Up to the light", "{hero} [turns] {product} in the light, looking for a flaw")
    LINES_END
};

const struct ad_lore ad_lores[] = {
    { "drink",
      "|coffee|tea|kettle|espresso|drink|water|soda|beer|wine|juice|lemonade|cola|mug|cup|cocoa|"
      "matcha|smoothie|"
      "kombucha|gin|whisky|whiskey|rum|brew|bottle|teapot|",
      { PLACE_KITCHEN, PLACE_ROOM, PLACE_DINER },
      "Good mornings are made.",
      "Pour the first cup",
      { drink_hook, drink_problem, drink_product, drink_benefit, drink_proof } },
    { "food",
      "|chocolate|bread|pizza|burger|snack|cookie|cake|pasta|sauce|cheese|cereal|bar|ice|cream|"
      "noodles|crisps|"
      "chips|honey|jam|oil|food|meal|restaurant|bakery|fruit|",
      { PLACE_KITCHEN, PLACE_DINER, PLACE_GARDEN },
      "Come hungry.",
      "Taste it today",
      { food_hook, food_problem, food_product, food_benefit, food_proof } },
    { "sport",
      "|shoe|shoes|sneaker|sneakers|trainer|trainers|boot|boots|running|bike|bicycle|skateboard|"
      "racket|watch|"
      "backpack|bag|jacket|raincoat|jersey|yoga|gym|fitness|helmet|ski|",
      { PLACE_CITY_STREET, PLACE_BRIDGE, PLACE_ROOFTOP },
      "Go further than the door.",
      "Lace up and go",
      { move_hook, move_problem, move_product, move_benefit, move_proof } },
    { "technology",
      "|phone|smartphone|laptop|computer|tablet|headphones|earbuds|speaker|camera|app|software|"
      "console|"
      "charger|battery|router|drone|keyboard|screen|robot|platform|website|service|",
      { PLACE_OFFICE, PLACE_ROOM, PLACE_TRAIN },
      "Less noise. More you.",
      "Try it now",
      { tech_hook, tech_problem, tech_product, tech_benefit, tech_proof } },
    { "beauty",
      "|perfume|fragrance|cream|lotion|lipstick|soap|shampoo|serum|makeup|skincare|cologne|nail|"
      "jewellery|"
      "jewelry|ring|necklace|sunglasses|dress|",
      { PLACE_BATHROOM, PLACE_ROOM, PLACE_GALLERY },
      "Be seen as you are.",
      "Find yours",
      { beauty_hook, beauty_problem, beauty_product, beauty_benefit, beauty_proof } },
    { "ride",
      "|car|van|truck|motorcycle|motorbike|scooter|suv|taxi|ebike|train|airline|flight|",
      { PLACE_ROAD, PLACE_CITY_STREET, PLACE_SEA_SHORE },
      "The road is open.",
      "Book a test ride",
      { ride_hook, ride_problem, ride_product, ride_benefit, ride_proof } },
    { "home",
      "|lamp|chair|sofa|table|bed|mattress|vacuum|rug|candle|clock|shelf|blanket|pillow|plant|vase|"
      "paint|tool|"
      "knife|pan|oven|fridge|curtain|toy|book|pen|notebook|umbrella|",
      { PLACE_ROOM, PLACE_KITCHEN, PLACE_GARDEN },
      "Made to be lived with.",
      "Bring it home",
      { home_hook, home_problem, home_product, home_benefit, home_proof } },
    { "anything",
      "|",
      { PLACE_CITY_STREET, PLACE_ROOM, PLACE_STUDIO },
      "See what changes.",
      "Find out more",
      { any_hook, any_problem, any_product, any_benefit, any_proof } },
    { NULL, NULL, { 0 }, NULL, NULL, { NULL } }
};
