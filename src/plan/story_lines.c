/* Lines for anyone, anywhere: faces, singing, heroes without hands, and objects that come back
 * changed. */
#include "plan/story.h"

const struct story_line face_lines[] = {
    FACE(LOOK_AWAY, "Not saying it", "{hero} [begins] to say something and [decides] against it")
    FACE(STAND, "Straight at us", "{hero} [looks] straight into the lens and [does] not blink")
    FACE(LOOK_UP, "The sound of it",
         "{hero} [raises] {their} eyes to a sound that only gets louder")
    FACE(STAND, "A smile, eventually", "{hero} [holds] still until a smile arrives from far away")
    FACE(TURN, "Over the shoulder", "{hero} [glances] over one shoulder, expecting no one")
    FACE(STAND, "Eyes closed", "{hero} [listens] with closed eyes")
    FACE(LOOK_AWAY, "Light moves over", "light travels across {hero} and leaves again")
    FACE(STAND, "Caught thinking", "{hero} [comes] back from somewhere far off in thought")
    FACE(LOOK_AWAY, "Wet lashes",
         "{hero} [wipes] {their} eyes with the back of one wrist and [laughs] about it")
    FACE(LOOK_UP, "Counting breaths", "{hero} [breathes] in for four beats and out for four")
    FACE(STAND, "The idea lands", "{hero} [narrows] {their} eyes as an idea takes hold")
    FACE(TURN, "Into the wind", "{hero} [turns] into the wind and [lets] it do what it likes")
    FACE(LOOK_AWAY, "Mirrored",
         "something bright and out of frame is mirrored in the eyes of {hero}")
    FACE(STAND, "Jaw set", "{hero} [sets] {their} jaw: decided")
    FACE(LOOK_UP, "Relief", "{hero} [lets] go of a breath held since the first verse")
    FACE(STAND, "Half in the dark", "{hero} [stands] half in shadow, one eye catching the light")
    FACE(LOOK_AWAY, "Watching it go",
         "{hero} [follows] something out of sight with {their} eyes only")
    FACE(TURN, "Name called", "{hero} [looks] round as if somebody had called {their} name")
    FACE(STAND, "Not a flinch", "{hero} [does] not flinch as something flies past close by")
    FACE(LOOK_AWAY, "Through the glass",
         "{hero} [is] seen through rippled glass, almost recognisable")
    LINES_END
};

/* Where the song is quiet, and where it is not. */
const struct story_line quiet_sing_lines[] = {
    SINGS(SING, "First words", "{hero} [begins] to sing as if telling a secret")
    SINGS(SING, "Half under the breath",
          "{hero} [sings] half under {their} breath, not for anyone else")
    SINGS(SING, "To the empty seats",
          "{hero} [sings] out over the heads of people who are not there")
    SINGS(SING, "Back to the wall", "{hero} [sings] leaning against the wall, one knee bent")
    SINGS(SING, "Word for word", "{hero} [sings] slowly, every word shaped as if it might break")
    SINGS(SING, "Sitting down to sing",
          "{hero} [sits] low in the frame and [sings] up into the light")
    SINGS(SING, "Last time round", "{hero} [sings] the line again, quieter, meaning it more")
    LINES_END
};

const struct story_line sing_lines[] = {
    SINGS(SING, "Sung to the lens", "{hero} [sings] straight into the lens, close enough to fog it")
    SINGS(SING, "On the chorus",
          "{hero} [sings] the chorus out loud, shoulders dropping on every downbeat")
    SINGS(SING, "Hands tell it too", "{hero} [sings] with both hands drawing the words in the air")
    SINGS(SING, "Walking while singing",
          "{hero} [walks] toward us singing, never breaking eye contact")
    SINGS(SING, "Long note", "{hero} [holds] the long note, chin lifted, until it shakes")
    SINGS(SING, "Eyes shut, mouth open",
          "{hero} [sings] with eyes shut and opens them only on the last word")
    SINGS(SING, "Left, right, here",
          "{hero} [sings] one line to the left, one to the right, and the last to us")
    SINGS(SING, "Turning into it",
          "{hero} [turns] to the lens on the beat and [picks] up the verse")
    SINGS(SING, "Grinning through it", "{hero} [sings] through a grin that will not be held down")
    SINGS(SING, "Every word at the sky", "{hero} [throws] the words straight up at the sky")
    SINGS(DANCE, "Sung on the move",
          "{hero} [sings] and [dances] at once, the lens barely keeping up")
    SINGS(SING, "From the chest", "{hero} [plants] both feet and [sings] from the chest")
    LINES_END
};

const struct story_line creature_lines[] = {
    WIDE("A small shape", "{hero} [is] one small moving shape in the whole of {place}")
    WIDE("Nobody but {hero}", "there is nobody {at} but {hero}")
    WIDE("Crossing the frame", "{hero} [crosses] {place} from one side of the picture to the other")
    ACT(WALK, "Following a scent",
        "{hero} [follows] a trail through {place} that nobody else can smell")
    ACT(RUN, "Full speed", "{hero} [tears] across {place} at full speed")
    ACT(STAND, "Listening", "{hero} [freezes] {at}, listening")
    ACT(LOOK_UP, "Up there", "{hero} [looks] up at something moving above {place}")
    ACT(TURN, "Circle", "{hero} [circles] once {at} and [settles]")
    ACT(JUMP, "Across the gap", "{hero} [leaps] a gap that looked too wide")
    ACT(SLEEP, "Curled up", "{hero} [rests] {at} with one eye open")
    ACT(WALK, "Unbothered", "{hero} [saunters] through {place} as if it had been built for {them}")
    ACT(RUN, "Startled", "{hero} [bolts] as a door slams somewhere behind {place}")
    ACT(LOOK_AWAY, "At the border", "{hero} [waits] where {place} ends and [looks] back")
    ACT(REACH, "Curious", "{hero} [noses] at something half hidden {at}")
    ACT(WALK, "In step", "{hero} [moves] {at} in step with the drums")
    ACT(STAND, "The long stare", "{hero} [stares] at us across {place} until it is uncomfortable")
    ACT(RUN, "Chasing light", "{hero} [chases] a moving patch of light across {place}")
    ACT(TURN, "Second thoughts", "{hero} [turns] back at the last moment")
    ACT(WALK, "Home stretch", "{hero} [heads] home through {place}, tired and pleased")
    FACE(STAND, "Unblinking", "the eyes of {hero} fill with the light of {place}")
    FACE(LOOK_UP, "Ears first", "{hero} [hears] it before anyone else does")
    FACE(TURN, "Who's there", "{hero} [turns] toward the lens, alert")
    FACE(STAND, "Breathing", "{hero} [breathes], every hair moving a little")
    FACE(LOOK_AWAY, "Already elsewhere", "{hero} [looks] past us at what comes next")
    LINES_END
};

const struct story_line vehicle_lines[] = {
    WIDE("Tiny in the landscape", "{hero} [is] tiny against the whole width of {place}")
    WIDE("Out of the haze", "{hero} [comes] out of the haze {at}, growing slowly")
    WIDE("Past the camera", "{hero} [passes] close and [leaves] {place} moving in its wake")
    ACT(TURN, "Turning into the light", "{hero} [turns] and the light runs along one side")
    ACT(STAND, "At rest", "{hero} [stands] {at}, still ticking with heat")
    ACT(FLY, "Away", "{hero} [moves] off through {place} without looking back")
    ACT(STAND, "Waiting for morning", "{hero} [waits] {at} under the lamp")
    ACT(TURN, "A full circle", "{hero} [makes] one full circle {at}")
    ACT(RUN, "Nothing in the way", "{hero} [picks] up speed where {place} opens out")
    ACT(FALL, "Almost lost", "{hero} [drops] out of sight for a moment {at} and [returns]")
    ACT(REACH, "Through the gap", "{hero} [threads] a gap {at} with nothing to spare")
    ACT(STAND, "Dust settles", "the dust settles {at} and {hero} [is] still there")
    FACE(STAND, "Paint and dust", "reflections of {place} slide over the surface of {hero}")
    FACE(TURN, "Edge light", "one edge of {hero} catches fire in the light")
    FACE(STAND, "Up close", "every scratch and seam of {hero} is readable for a second")
    LINES_END
};

const struct motif motifs[] = {
    { "a paper boat folded from a ticket", "the paper boat", 0,
      { DETAIL_OF("A boat from a ticket", "{thing} is folded, crease by crease, on a knee")
        DETAIL_OF("The boat takes on water",
                  "{thing} spins in the gutter with water over its sides")
        DETAIL_OF("The boat sails on", "{thing} rides a clear stream out of the picture, dry") } },
    { "a red kite with a torn tail", "the red kite", 0,
      { DETAIL_OF("A kite with no wind",
                  "{thing} lies flat with its string in a careful figure of eight")
        DETAIL_OF("The kite caught", "{thing} hangs from a wire, knocking against it")
        DETAIL_OF("The kite up", "{thing} stands high and steady in the air, string humming") } },
    { "a brass key on a green ribbon", "the brass key", 0,
      { DETAIL_OF("A key for no door", "{thing} swings from a hook beside a door it does not fit")
        DETAIL_OF("The key bent", "{thing} lies on the ground with its ribbon trodden grey")
        DETAIL_OF("The key turns", "{thing} goes into a lock and turns as if oiled") } },
    { "a wind-up music box with a chipped lid", "the music box", 0,
      { DETAIL_OF("The box wound tight", "{thing} is wound until it will not go further")
        DETAIL_OF("The box stopped", "{thing} stands open and silent, its pin broken")
        DETAIL_OF("The box plays", "{thing} plays by itself, the little drum shining") } },
    { "a striped hot-air balloon", "the balloon", FIGURE_BALLOON,
      { DETAIL_OF("The balloon held down", "{thing} tugs at its rope, not let go yet")
        DETAIL_OF("The balloon sinking", "{thing} hangs low, its flame down to a thread")
        DETAIL_OF("The balloon up", "{thing} climbs with a steady flame, smaller and smaller") } },
    { "an instant photograph with one corner burnt", "the photograph", 0,
      { DETAIL_OF("A picture comes up", "{thing} slowly finds its colours in a cupped palm")
        DETAIL_OF("The picture folded", "{thing} is folded down the middle between two people")
        DETAIL_OF("The picture pinned",
                  "{thing} is pinned to a wall, the crease smoothed flat") } },
    { "a white moth", "the moth", FIGURE_BIRD,
      { DETAIL_OF("Moth at the lamp", "{thing} beats against a lamp that has just been lit")
        DETAIL_OF("Moth in a glass", "{thing} sits under an upturned glass with folded wings")
        DETAIL_OF("Moth let go", "{thing} walks to the end of a finger and lifts off") } },
    { "a cassette with a handwritten label", "the cassette", 0,
      { DETAIL_OF("Side A", "{thing} clicks into the deck and its wheels begin to turn")
        DETAIL_OF("Tape everywhere", "{thing} trails its brown tape in loops over the floor")
        DETAIL_OF("Wound back", "{thing} is wound back with a pencil, turn by patient turn") } },
    { NULL, NULL, 0, { { LINE_END, 0, NULL, NULL } } }
};

const struct story_line thing_lines[] = {
    DETAIL_OF("{Thing}, before it all",
              "{thing} <waits> in a patch of light, as if left there on purpose")
    DETAIL_OF("{Thing}, out of reach", "{thing} <is> out of reach, and nobody is near")
    DETAIL_OF("{Thing}, the last time", "{thing} <comes> to rest at last, and the light moves on")
    LINES_END
};

static const struct place_lore *find_lore(const struct place_lore *lores, int place)
{
    for (; lores->place; lores++) {
        if (lores->place == place)
            return lores;
    }
    return NULL;
}

const struct place_lore *place_lore_of(int place)
{
    const struct place_lore *lore = find_lore(place_lores_outside, place);
    return lore ? lore : find_lore(place_lores_inside, place);
}
