/*
 * Arcs: a want, what stands in its way, the turn, and how it ends. Chosen by words of the concept;
 * each phase has lines of its own, so that what happens in the second verse follows from the first.
 */
#include "plan/story.h"

static const struct story_line search_open[] = {
    ACT(STAND, "Something is missing", "{hero} [pats] every pocket twice and [finds] nothing")
    ACT(LOOK_AWAY, "The empty place", "{hero} [looks] at the spot {at} where something used to be")
    DETAIL_OF("Torn in half", "half of a photograph, held up against the view it was torn from")
    LINES_END
};
static const struct story_line search_develop[] = {
    ACT(WALK, "First question", "{hero} [holds] up a picture to strangers, who shake their heads")
    ACT(REACH, "Every door", "{hero} [knocks] at one door after another")
    ACT(READ, "A clue", "{hero} [unfolds] a scrap of paper and [turns] it the right way up")
    ACT(RUN, "Wrong back", "{hero} [runs] up to somebody from behind: the wrong face")
    ACT(LOOK_UP, "Window light", "{hero} [counts] windows until one of them answers with a lamp")
    ACT(WALK, "Chalk marks", "{hero} [marks] the corner with chalk so as not to pass it twice")
    LINES_END
};
static const struct story_line search_lift[] = {
    ACT(RUN, "There!", "{hero} [sees] it at last across {place} and [breaks] into a run")
    ACT(JUMP, "Over everything", "{hero} [clears] whatever is in the way")
    ACT(DANCE, "Certain for a moment",
        "{hero} [spins] around on the spot, sure of it for one chorus")
    LINES_END
};
static const struct story_line search_turn[] = {
    ACT(SIT, "Gone again", "{hero} [sinks] down where the trail ends")
    ACT(HOLD, "Letting the paper go", "{hero} [lets] the scrap of paper go and [watches] it leave")
    LINES_END
};
static const struct story_line search_climax[] = {
    ACT(REACH, "Found", "{hero} [reaches] out and this time [touches] it")
    ACT(RUN, "The last corner", "{hero} [comes] round the last corner and [stops] as if struck")
    LINES_END
};
static const struct story_line search_close[] = {
    ACT(HOLD, "Both halves", "{hero} [lays] the two halves side by side; they fit")
    ACT(WALK, "No need to look", "{hero} [walks] on without searching any face")
    LINES_END
};

static const struct story_line flight_open[] = {
    ACT(LOOK_AWAY, "Listening at the door",
        "{hero} [listens] with one ear to the door, shoes in hand")
    ACT(HOLD, "One bag", "{hero} [packs] only what fits into one bag")
    LINES_END
};
static const struct story_line flight_develop[] = {
    ACT(RUN, "Out the back", "{hero} [goes] out the back way without shutting the door")
    ACT(STAND, "Pressed flat", "{hero} [presses] flat into a doorway while a beam of light goes by")
    ACT(RUN, "Double back", "{hero} [doubles] back across {place} to leave a false trail")
    ACT(HOLD, "Coat swap", "{hero} [turns] a coat inside out and [becomes] someone else")
    ACT(LOOK_AWAY, "Still there", "{hero} [checks] the reflection in a dark window: still followed")
    ACT(WALK, "Slow on purpose",
        "{hero} [forces] the pace down to a stroll past a pair of uniforms")
    LINES_END
};
static const struct story_line flight_lift[] = {
    ACT(RUN, "Flat out", "{hero} [runs] flat out, arms pumping, nothing ahead but {place}")
    ACT(JUMP, "The gap", "{hero} [jumps] without checking how far it is")
    ACT(RIDE, "A borrowed ride", "{hero} [rides] off on something that was not locked")
    LINES_END
};
static const struct story_line flight_turn[] = {
    ACT(STAND, "Dead end", "{hero} [comes] up against a wall and [turns] around")
    ACT(SIT, "Out of breath", "{hero} [slides] down a wall to sit, out of breath and out of road")
    LINES_END
};
static const struct story_line flight_climax[] = {
    ACT(STAND, "No more running", "{hero} [stops], [turns] and [walks] back toward the lights")
    ACT(JUMP, "Through", "{hero} [goes] straight through what was meant to hold {them}")
    LINES_END
};
static const struct story_line flight_close[] = {
    ACT(WALK, "Nobody behind", "{hero} [looks] back out of habit; nobody is there")
    ACT(LOOK_UP, "Open air", "{hero} [stands] in open air with empty hands")
    LINES_END
};

static const struct story_line love_open[] = {
    ACT(LOOK_AWAY, "A look across",
        "{hero} [notices] {other} across {place} and [looks] away too late")
    DETAIL_OF("Two cups", "two cups on one saucer-ring of spilt coffee")
    LINES_END
};
static const struct story_line love_develop[] = {
    ACT(WALK, "Half a step apart",
        "{hero} [walks] half a step apart from {other}, hands nearly touching")
    ACT(WAVE, "Bad joke", "{hero} [tells] a joke with both hands and {other} bends double laughing")
    ACT(HOLD, "One umbrella",
        "{hero} [shares] one umbrella with {other}, each getting wet on one side")
    ACT(LOOK_AWAY, "Not yet", "{hero} nearly [says] it while {other} ties a shoe")
    ACT(WALK, "The long way home", "{hero} and {other} choose the longer way at every corner")
    LINES_END
};
static const struct story_line love_lift[] = {
    ACT(DANCE, "Anyone could see", "{hero} and {other} dance {at}, badly and without stopping")
    ACT(RUN, "Hand in hand", "{hero} and {other} run through {place} hand in hand")
    LINES_END
};
static const struct story_line love_turn[] = {
    ACT(STAND, "Two ends of the frame",
        "{hero} and {other} stand at opposite ends of the frame with all of {place} between")
    ACT(LOOK_AWAY, "The unsent message",
        "{hero} [writes] a message, [reads] it, and [deletes] it word by word")
    LINES_END
};
static const struct story_line love_climax[] = {
    ACT(RUN, "Back", "{hero} [runs] back the whole way across {place} to where {other} still waits")
    ACT(HOLD, "At last", "{hero} and {other} hold on to each other while everything spins")
    LINES_END
};
static const struct story_line love_close[] = {
    ACT(SIT, "Side by side", "{hero} and {other} sit side by side, looking the same way")
    DETAIL_OF("Two cups, empty", "two empty cups on a windowsill, touching")
    LINES_END
};

static const struct story_line becoming_open[] = {
    ACT(STAND, "Watching the others",
        "{hero} [watches] from the edge of {place}, moving only one foot in time")
    ACT(LOOK_AWAY, "In a dark window", "{hero} [tries] a pose in a dark window and [gives] it up")
    LINES_END
};
static const struct story_line becoming_develop[] = {
    ACT(TURN, "First attempt", "{hero} [tries] the first move {at} and [stumbles] out of it")
    ACT(FALL, "Down again", "{hero} [falls], [waits] a beat, and [gets] up")
    ACT(READ, "Diagrams", "{hero} [studies] footprints drawn in chalk on the ground")
    ACT(WALK, "Counting steps", "{hero} [counts] steps under {their} breath the length of {place}")
    ACT(POINT, "A teacher", "{hero} [copies] every movement of a shadow on the wall")
    ACT(STAND, "Worn through", "{hero} [holds] up a shoe with a hole worn through the sole")
    LINES_END
};
static const struct story_line becoming_lift[] = {
    ACT(DANCE, "It holds",
        "{hero} [gets] through the whole turn for the first time and cannot believe it")
    ACT(JUMP, "Higher", "{hero} [jumps] higher with every bar")
    ACT(DANCE, "Alone and good", "{hero} [moves] {at} with nobody watching, and it is good")
    LINES_END
};
static const struct story_line becoming_turn[] = {
    ACT(SIT, "What for", "{hero} [sits] among the chalk marks and [rubs] one out")
    ACT(LOOK_AWAY, "They laughed",
        "{hero} [stands] with lowered eyes after someone has laughed out of frame")
    LINES_END
};
static const struct story_line becoming_climax[] = {
    ACT(DANCE, "The whole thing",
        "{hero} [does] all of it {at} without a fault, and then [does] something nobody taught")
    ACT(TURN, "They are watching", "{hero} [turns] faster than {place} can keep up with")
    LINES_END
};
static const struct story_line becoming_close[] = {
    ACT(POINT, "Next one", "{hero} [shows] the first step to somebody smaller")
    ACT(STAND, "Rain on chalk", "{hero} [stands] by as the chalk marks wash away, no longer needed")
    LINES_END
};

static const struct story_line memory_open[] = {
    ACT(HOLD, "The box", "{hero} [lifts] the lid off a box that has been shut for years")
    DETAIL_OF("Ring on the table",
              "the ring a glass left in the wood of a table, traced by a fingertip")
    LINES_END
};
static const struct story_line memory_develop[] = {
    ACT(WALK, "Same steps",
        "{hero} [walks] through {place} and for one step another, younger stride fits it exactly")
    ACT(SIT, "Other chair", "{hero} [sits] opposite an empty chair and [leaves] it the better view")
    ACT(READ, "Handwriting", "{hero} [reads] the back of a photograph")
    ACT(REACH, "Doorframe", "{hero} [finds] pencil marks of somebody's height on a doorframe")
    ACT(LOOK_AWAY, "Laughter somewhere", "{hero} [turns] at laughter {at} and there is only wind")
    LINES_END
};
static const struct story_line memory_lift[] = {
    ACT(RUN, "As it was", "{hero} [runs] through {place} as if it were that summer")
    ACT(DANCE, "With no one",
        "{hero} [dances] with somebody who is not there, one hand held at shoulder height")
    LINES_END
};
static const struct story_line memory_turn[] = {
    ACT(HOLD, "Can't throw it out", "{hero} [holds] the box over the bin and cannot let go")
    ACT(STAND, "Power cut", "{hero} [stands] as every lamp goes out and only the moon is left")
    LINES_END
};
static const struct story_line memory_climax[] = {
    ACT(WAVE, "Out loud", "{hero} [shouts] it at last, out loud, across {place}")
    ACT(HOLD, "Let go", "{hero} [opens] both hands and [lets] the wind take all of it")
    LINES_END
};
static const struct story_line memory_close[] = {
    ACT(REACH, "New mark", "{hero} [adds] a new pencil mark to the doorframe")
    ACT(WALK, "Windows open", "{hero} [leaves] with every window open behind {them}")
    LINES_END
};

static const struct story_line night_open[] = {
    ACT(STAND, "Last look in the mirror",
        "{hero} [straightens] up before a mirror and [winks] at it")
    DETAIL_OF("Lights, keys, door",
              "a hand sweeps keys, lighter and lipstick off a shelf in one go")
    LINES_END
};
static const struct story_line night_develop[] = {
    ACT(WALK, "Whole pavement", "{hero} [takes] up the whole width of {place}, walking in time")
    ACT(WAVE, "Who's coming", "{hero} [waves] up at a lit window until somebody comes down")
    ACT(DRINK, "To whatever this is", "{hero} [raises] a paper cup to whatever this is")
    ACT(RIDE, "Shopping trolley", "{hero} [rides] a shopping trolley downhill, feet up")
    ACT(POINT, "That way", "{hero} [points] at the furthest light and that is where it goes next")
    ACT(SIT, "Chips on the wall", "{hero} [sits] on a wall eating chips out of paper")
    LINES_END
};
static const struct story_line night_lift[] = {
    ACT(DANCE, "Everybody now", "{hero} [pulls] strangers into the dance {at}")
    ACT(JUMP, "All together", "{hero} [jumps] on the downbeat and the whole frame jumps too")
    LINES_END
};
static const struct story_line night_turn[] = {
    ACT(SIT, "Outside, suddenly", "{hero} [sits] outside where the music is only bass")
    ACT(LOOK_UP, "The quiet part", "{hero} [looks] up at how many stars there were all along")
    LINES_END
};
static const struct story_line night_climax[] = {
    ACT(DANCE, "Nobody's tired",
        "{hero} [dances] as though the night were being paid for by the minute")
    ACT(RUN, "Down the middle", "{hero} [runs] down the middle of everything with both arms up")
    LINES_END
};
static const struct story_line night_close[] = {
    ACT(WALK, "Shoes in hand", "{hero} [walks] home barefoot, shoes in hand")
    ACT(SLEEP, "Birds already", "{hero} [sleeps] in {their} clothes as the first birds start")
    LINES_END
};

static const struct story_line making_open[] = {
    ACT(READ, "Drawn on a napkin", "{hero} [draws] it on the back of an envelope first")
    DETAIL_OF("Tools laid out", "tools are laid out on a cloth in order of size")
    LINES_END
};
static const struct story_line making_develop[] = {
    ACT(COOK, "First pieces",
        "{hero} [fits] the first two pieces together and [blows] the dust off")
    ACT(HOLD, "Doesn't fit", "{hero} [turns] a part over and over; it does not fit")
    ACT(REACH, "Under the bench",
        "{hero} [searches] under the bench for the one screw that matters")
    ACT(COOK, "All night", "{hero} [works] on while the window behind goes from black to grey")
    ACT(WALK, "Carrying it out", "{hero} [carries] it through {place} under a blanket")
    LINES_END
};
static const struct story_line making_lift[] = {
    ACT(TURN, "It moves", "{hero} [steps] back as the thing moves by itself for the first time")
    ACT(DANCE, "Workshop dance", "{hero} [dances] around the workbench with a spanner")
    LINES_END
};
static const struct story_line making_turn[] = {
    ACT(SIT, "In pieces", "{hero} [sits] among the pieces, one of them still rocking")
    ACT(STAND, "Lamp off", "{hero} [turns] off the lamp and [stands] there in the dark with it")
    LINES_END
};
static const struct story_line making_climax[] = {
    ACT(REACH, "The switch", "{hero} [throws] the switch and everything {at} comes alive at once")
    ACT(LOOK_UP, "Up it goes", "{hero} [looks] up as it rises higher than anyone had drawn it")
    LINES_END
};
static const struct story_line making_close[] = {
    ACT(HOLD, "Signature", "{hero} [scratches] two initials where nobody will look")
    ACT(WALK, "Clean bench", "{hero} [sweeps] the bench clean and [takes] out a new envelope")
    LINES_END
};

const struct arc arcs[] = {
    { "search",
      "|search|find|look|looking|lost|seek|missing|lose|shadow|quest|discover|who|where|secret|"
      "follow|mystery|",
      "looking for what is missing",
      { search_open, search_develop, search_lift, search_turn, search_climax, search_close } },
    { "flight",
      "|escape|run|chase|flee|hunt|hunted|heist|rebel|outlaw|prison|thief|steal|police|danger|"
      "getaway|spy|",
      "trying to get away",
      { flight_open, flight_develop, flight_lift, flight_turn, flight_climax, flight_close } },
    { "love", "|love|lover|lovers|couple|kiss|romance|romantic|wedding|marry|crush|heart|together|",
      "finding the way to each other",
      { love_open, love_develop, love_lift, love_turn, love_climax, love_close } },
    { "becoming",
      "|learn|dance|dancer|dancing|train|become|practice|practise|grow|dream|ballerina|boxer|"
      "champion|fly|"
      "transform|rise|robot|athlete|freedom|free|",
      "learning to be what no one expected",
      { becoming_open, becoming_develop, becoming_lift, becoming_turn, becoming_climax,
        becoming_close } },
    { "memory",
      "|memory|memories|remember|old|childhood|grief|goodbye|farewell|grandmother|grandfather|"
      "ghost|ghosts|"
      "nostalgia|letter|breakup|widow|past|home|return|sea|lonely|alone|",
      "letting go of what was",
      { memory_open, memory_develop, memory_lift, memory_turn, memory_climax, memory_close } },
    { "night out",
      "|party|club|friends|drive|trip|summer|teenager|teenagers|weekend|disco|rave|celebrate|"
      "celebration|skate|fun|",
      "making one night last",
      { night_open, night_develop, night_lift, night_turn, night_climax, night_close } },
    { "making",
      "|build|builder|paint|painter|invent|inventor|machine|cook|chef|baker|craft|workshop|repair|"
      "fix|"
      "watchmaker|band|piano|play|music|artist|sculptor|create|make|",
      "making something that did not exist",
      { making_open, making_develop, making_lift, making_turn, making_climax, making_close } },
    { NULL, NULL, NULL, { NULL } }
};
