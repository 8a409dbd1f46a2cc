/* Places within walls, written out: what is seen there and what can be done. */
#include "plan/story.h"

static const struct story_line train_lines[] = {
    WIDE("A whole carriage to oneself",
         "{hero} [sits] alone at the far end of the carriage, straps swinging in step")
    WIDE("Doors close", "the doors close on an empty platform and the lights begin to slide")
    ACT(SLEEP, "Forehead on the glass",
        "{hero} [sleeps] with {their} cheek to the window while stations go by")
    ACT(STAND, "Holding on", "{hero} [holds] a strap in both hands and [sways] with the bends")
    ACT(WALK, "Against the motion",
        "{hero} [walks] back through the carriages against the way the train is going")
    ACT(LOOK_AWAY, "Face over tunnel",
        "{hero} [looks] out and [sees] only a reflection over the racing tunnel wall")
    ACT(DANCE, "Night-service dance", "{hero} [swings] around the pole and [dances] down the aisle")
    DETAIL_OF("Straps in time", "eleven straps swing together and stop together")
    DETAIL_OF("Ticket", "a ticket turns over and over between two fingers")
    DETAIL_OF("Tunnel light", "tunnel lamps run across an empty seat like a film strip")
    DETAIL_OF("Route map", "the lamps on the route map go out one by one behind the train")
    LINES_END
};

static const struct story_line car_lines[] = {
    WIDE("Back seat view",
         "the road unrolls between two headrests, {hero} a shape against the windscreen")
    WIDE("Car wash", "brushes close over the windows and the car goes dark and blue")
    ACT(DRIVE, "One hand on the wheel",
        "{hero} [drives] with one wrist over the wheel and the window down")
    ACT(LOOK_AWAY, "Side mirror",
        "{hero} [watches] what is left behind get small in the side mirror")
    ACT(SLEEP, "Engine off", "{hero} [turns] the key back and [sits] there in the ticking quiet")
    ACT(REACH, "Arm in the wind", "{hero} [lets] one arm surf the wind outside the window")
    ACT(SING, "Steering-wheel drums", "{hero} [beats] the rhythm on the wheel at a red light")
    DETAIL_OF("Needle climbs", "the speedometer needle climbs past where the numbers are worn")
    DETAIL_OF("Dial", "a thumb turns the radio dial through static until a song holds")
    DETAIL_OF("Rear-view eyes", "street lamps cross the rear-view mirror like slow beads")
    DETAIL_OF("Wiper", "the wiper clears one clean arc and loses it again")
    LINES_END
};

static const struct story_line room_lines[] = {
    WIDE("Four walls", "{hero} [sits] on the edge of the bed, the room too large on every side")
    WIDE("Dust in the window light",
         "the window throws its shape on the floorboards and dust goes through it")
    ACT(SLEEP, "Wide awake", "{hero} [lies] on top of the covers, wide awake")
    ACT(DANCE, "Sock feet",
        "{hero} [slides] across the floorboards, dancing for the wardrobe mirror")
    ACT(REACH, "Curtains", "{hero} [pulls] the curtains open with both hands")
    ACT(LOOK_AWAY, "At the window",
        "{hero} [leans] in the window frame and [looks] down at the street")
    ACT(READ, "Letter", "{hero} [reads] a letter standing up, then [reads] it again sitting down")
    ACT(HOLD, "Packing", "{hero} [packs] a suitcase, [takes] everything out, and [packs] again")
    DETAIL_OF("Needle on the record", "a needle comes down on a record and the dust jumps")
    DETAIL_OF("Pale square", "a pale square on the wallpaper where a picture used to hang")
    DETAIL_OF("Alarm clock", "a clock folds one number into the next")
    DETAIL_OF("Key in the door", "a key turns on the inside and a coat falls off its hook")
    LINES_END
};

static const struct story_line kitchen_lines[] = {
    WIDE("Light on in the kitchen", "{hero} [stands] in the one lit window of a dark house")
    WIDE("Table for one", "a table is set for two and one chair is pulled out")
    ACT(COOK, "Putting the pan on",
        "{hero} [moves] between stove and table as if the steps were written on the floor")
    ACT(DRINK, "First sip",
        "{hero} [holds] a cup in both hands and [waits] for it to be cool enough")
    ACT(SIT, "On the counter", "{hero} [sits] on the counter, heels tapping a cupboard door")
    ACT(DANCE, "Spoon microphone", "{hero} [dances] around the table with a wooden spoon")
    ACT(LOOK_AWAY, "Over the sink",
        "{hero} [looks] out over the sink at a garden nobody has tended")
    DETAIL_OF("Blue flame", "a ring of gas catches with a soft blue clap")
    DETAIL_OF("Steam on the pane",
              "steam closes over the window until a fingertip draws a line through it")
    DETAIL_OF("Egg", "an egg breaks on the rim of a bowl and holds its round")
    DETAIL_OF("Tap", "the tap lets go of one drop, exactly on the beat")
    LINES_END
};

static const struct story_line bathroom_lines[] = {
    WIDE("Tiles and steam", "{hero} [stands] before a mirror that has gone white with steam")
    WIDE("Water to the brim", "the bath has filled to the brim and trembles in its own light")
    ACT(LOOK_AWAY, "Wiping the mirror",
        "{hero} [wipes] one stripe clear and [meets] {their} own eyes")
    ACT(REACH, "Cold water", "{hero} [cups] cold water in both hands and [goes] under it")
    ACT(SING, "Hairbrush song", "{hero} [sings] into the wrong end of a hairbrush")
    ACT(SLEEP, "Up to the chin",
        "{hero} [lies] in the bath up to the chin and [stares] at the ceiling lamp")
    DETAIL_OF("Drain", "water turns around the drain, carrying a petal")
    DETAIL_OF("Toothbrush glass", "two toothbrushes in a glass, then one")
    DETAIL_OF("Finger on steam", "a finger writes one word in the steam, and it begins to run")
    LINES_END
};

static const struct story_line office_lines[] = {
    WIDE("The only lamp on the floor",
         "{hero} [works] under the only lamp on an empty floor of desks")
    WIDE("Rows of screens", "a hundred screens go to sleep, one row after another")
    ACT(TYPE, "Deadline", "{hero} [types] faster than {their} eyes can follow")
    ACT(TURN, "Swivel chair",
        "{hero} [kicks] off and [spins] the length of the office on a swivel chair")
    ACT(JUMP, "On the desk", "{hero} [climbs] onto a desk and [lets] the papers fly")
    ACT(LOOK_AWAY, "Forty floors up",
        "{hero} [leans] {their} forehead on the glass, forty floors up")
    DETAIL_OF("Cursor", "a cursor blinks on an empty page")
    DETAIL_OF("Paper jam", "sheet after blank sheet slides out of a printer")
    DETAIL_OF("Water cooler", "one large bubble rises through the water cooler")
    LINES_END
};

static const struct story_line diner_lines[] = {
    WIDE("Last customer", "{hero} [sits] in the only taken booth of a diner lit like an aquarium")
    WIDE("Sign in the window",
         "the neon in the window writes OPEN backwards across the empty stools")
    ACT(DRINK, "Bottomless cup", "{hero} [stirs] a coffee that has long gone cold")
    ACT(WAVE, "Counter talk", "{hero} [says] something that makes the cook look up from the grill")
    ACT(REACH, "Jukebox",
        "{hero} [drops] a coin in the jukebox and [runs] a finger down the titles")
    ACT(LOOK_AWAY, "Condensation",
        "{hero} [wipes] a hole in the misted window and [looks] through it")
    ACT(DANCE, "Between the stools", "{hero} [dances] alone down the row of red stools")
    DETAIL_OF("Sugar pour", "sugar runs from the spout in a line that will not break")
    DETAIL_OF("Napkin note", "a napkin is unfolded: three words in biro")
    DETAIL_OF("Ketchup shine", "a tiny diner is reflected in the chrome of the napkin box")
    DETAIL_OF("Spinning stool", "a stool goes on turning after someone has left it")
    LINES_END
};

static const struct story_line club_lines[] = {
    WIDE("Sea of arms", "{hero} [stands] perfectly still in a sea of raised arms")
    WIDE("Before the doors open", "the mirror ball throws its coins over an empty dance floor")
    ACT(DANCE, "In the strobe", "{hero} [dances], a new pose in every flash")
    ACT(WALK, "Through the bodies", "{hero} [moves] through the crowd with eyes on one point")
    ACT(JUMP, "The drop", "{hero} [leaves] the floor with everyone else as the beat comes back")
    ACT(LOOK_AWAY, "By the speaker",
        "{hero} [leans] against a speaker, feeling it more than hearing it")
    ACT(DRINK, "Bar light", "{hero} [lifts] a glass into the bar light and [looks] through it")
    DETAIL_OF("Bass in the glass", "rings shake out across a drink with each kick of the drum")
    DETAIL_OF("Mirror ball", "a facet of the mirror ball turns and flares white")
    DETAIL_OF("Stamp on the wrist", "a stamp glows on a wrist under the black light")
    DETAIL_OF("Laces", "a lace has come undone and whips across the floor to the beat")
    LINES_END
};

static const struct story_line stage_lines[] = {
    WIDE("One light, one figure", "{hero} [stands] in a single spot on a stage as wide as a street")
    WIDE("The curtain moves",
         "the curtain breathes once and the first line of light appears under it")
    ACT(WALK, "From the wings", "{hero} [walks] out of the wings into the roar")
    ACT(SING, "Both hands on the stand",
        "{hero} [grips] the microphone stand in both hands and [leans] into the note")
    ACT(PLAY_GUITAR, "Down on the strings", "{hero} [strikes] the strings and [lets] them ring")
    ACT(DANCE, "Boards ring", "{hero} [dances] to the very edge of the boards")
    ACT(FALL, "Into the crowd", "{hero} [falls] backwards from the edge into raised hands")
    DETAIL_OF("Valve light", "the orange light in an amplifier valve swells with the note")
    DETAIL_OF("Tape cross", "a cross of white tape marks where to stand")
    DETAIL_OF("Dust in the beam", "dust turns in the beam of the follow spot")
    DETAIL_OF("Cymbal", "a cymbal shivers long after it was struck")
    LINES_END
};

static const struct story_line studio_lines[] = {
    WIDE("No horizon", "{hero} [stands] on seamless white with no line between wall and floor")
    WIDE("Lights warming up", "a ring of lamps comes up one by one around an empty mark")
    ACT(TURN, "On the turntable", "{hero} [turns] slowly, shadow circling like a clock hand")
    ACT(DANCE, "Colour change", "{hero} [dances] while the whole room changes colour around {them}")
    ACT(JUMP, "Frozen jump", "{hero} [jumps] and [hangs] there for as long as the drum fill lasts")
    ACT(WALK, "Walking nowhere",
        "{hero} [walks] without getting nearer, the floor rolling underneath")
    DETAIL_OF("Flash", "a flash tube charges, whistles, and fires")
    DETAIL_OF("Gel", "a sheet of red gel slides over the lamp and the white room blushes")
    DETAIL_OF("Fader", "a finger pushes a fader up to the line and past it")
    LINES_END
};

static const struct story_line gallery_lines[] = {
    WIDE("White rooms", "{hero} [is] seen through three doorways, one white room behind another")
    WIDE("After hours", "the gallery lamps go down and the pictures seem to step forward")
    ACT(STAND, "Before the canvas", "{hero} [stands] too close to a painting the size of a house")
    ACT(WALK, "Echoing steps", "{hero} [crosses] the parquet on tiptoe past a sleeping guard")
    ACT(REACH, "Do not touch", "{hero} [reaches] for the frame and [stops] a breath short of it")
    ACT(DANCE, "Among the statues", "{hero} [dances] from plinth to plinth, borrowing every pose")
    DETAIL_OF("Crackle", "fine cracks run through the varnish of a painted eye")
    DETAIL_OF("Marble hand", "a marble hand with one finger missing points at the door")
    DETAIL_OF("Little brass plate", "light slides off a brass plate before its name can be read")
    LINES_END
};

static const struct story_line abstract_lines[] = {
    WIDE("Colour without edges", "{hero} [stands] in a field of colour that has no edges")
    WIDE("Shapes pass", "great slow shapes pass behind one another like ships")
    ACT(WALK, "Stairs of light", "{hero} [climbs] steps of light that appear as they are needed")
    ACT(TURN, "Unfolding", "{hero} [turns] and [leaves] a fan of coloured outlines behind")
    ACT(DANCE, "Drawn in the air", "{hero} [dances] and every gesture stays in the air as a line")
    ACT(FALL, "Through the paper", "{hero} [falls] through one sheet of colour after another")
    DETAIL_OF("Ink", "a drop of ink opens in water and keeps opening")
    DETAIL_OF("Tuning line", "a single line thickens, shakes with the bass, and splits in two")
    DETAIL_OF("Paper fold", "a sheet folds itself along lines nobody drew")
    LINES_END
};

const struct place_lore place_lores_inside[] = {
    { PLACE_TRAIN, INDOORS, "the train", "on the train",
      { "orange seats, swinging straps and light sliding along the ceiling",
        "worn moquette, fogged windows and the rattle of an old carriage" },
      { PLACE_CITY_STREET, PLACE_BRIDGE, PLACE_FIELD, PLACE_ROOM, PLACE_SKYLINE }, train_lines },
    { PLACE_CAR_INTERIOR, INDOORS, "the car", "in the car",
      { "a bench seat, a wide windscreen and instruments glowing green",
        "cracked leather, a swaying charm and the road in the glass" },
      { PLACE_ROAD, PLACE_CITY_STREET, PLACE_DINER, PLACE_DESERT, PLACE_BRIDGE }, car_lines },
    { PLACE_ROOM, INDOORS, "the room", "in the room",
      { "bare boards, an iron bed and one tall window",
        "striped wallpaper, a lamp on the floor and boxes never unpacked" },
      { PLACE_KITCHEN, PLACE_CITY_STREET, PLACE_ROOFTOP, PLACE_BATHROOM, PLACE_TRAIN },
      room_lines },
    { PLACE_KITCHEN, INDOORS, "the kitchen", "in the kitchen",
      { "a scrubbed table, enamel pans on hooks and a window over the sink",
        "checked tiles, a gas stove and one hanging lamp" },
      { PLACE_ROOM, PLACE_GARDEN, PLACE_CITY_STREET, PLACE_MARKET, PLACE_DINER }, kitchen_lines },
    { PLACE_BATHROOM, INDOORS, "the bathroom", "in the bathroom",
      { "white tiles, a claw-footed bath and a round mirror",
        "green tiles, a bare bulb and steam along the ceiling" },
      { PLACE_ROOM, PLACE_KITCHEN, PLACE_UNDERWATER, PLACE_CITY_STREET, PLACE_CLUB },
      bathroom_lines },
    { PLACE_OFFICE, INDOORS, "the office", "in the office",
      { "rows of identical desks under a grid of ceiling lights",
        "glass partitions, grey carpet and blinds half down" },
      { PLACE_SKYLINE, PLACE_CITY_STREET, PLACE_ROOFTOP, PLACE_TRAIN, PLACE_DINER }, office_lines },
    { PLACE_DINER, INDOORS, "the diner", "in the diner",
      { "red booths, a chrome counter and neon in the window",
        "checked floor, pie under glass and a humming cooler" },
      { PLACE_CITY_STREET, PLACE_ROAD, PLACE_CAR_INTERIOR, PLACE_ALLEY, PLACE_ROOM }, diner_lines },
    { PLACE_CLUB, INDOORS, "the club", "in the club",
      { "low ceiling, sweat on the walls and a mirror ball",
        "a sunken floor, lasers through haze and a wall of speakers" },
      { PLACE_ALLEY, PLACE_CITY_STREET, PLACE_BATHROOM, PLACE_CAR_INTERIOR, PLACE_ROOFTOP },
      club_lines },
    { PLACE_STAGE, INDOORS, "the stage", "on the stage",
      { "black boards, a red curtain and a wall of light",
        "cables, amplifiers and the front row's faces in spill" },
      { PLACE_CLUB, PLACE_ALLEY, PLACE_CITY_STREET, PLACE_ROOM, PLACE_STUDIO }, stage_lines },
    { PLACE_STUDIO, INDOORS, "the studio", "in the studio",
      { "a white cove without corners and lamps on stands",
        "painted flats, taped marks and a grid of lamps overhead" },
      { PLACE_STAGE, PLACE_GALLERY, PLACE_ABSTRACT, PLACE_ROOFTOP, PLACE_CITY_STREET },
      studio_lines },
    { PLACE_GALLERY, INDOORS, "the gallery", "in the gallery",
      { "tall white rooms, pale parquet and a skylight",
        "dark red walls, gilded frames and a rope on brass posts" },
      { PLACE_CITY_STREET, PLACE_STUDIO, PLACE_GARDEN, PLACE_ROOM, PLACE_ABSTRACT },
      gallery_lines },
    { PLACE_ABSTRACT, APART, "the field of colour", "in the field of colour",
      { "flat planes of colour sliding over one another",
        "soft gradients without a horizon and hard-edged shapes" },
      { PLACE_SKY, PLACE_STUDIO, PLACE_SPACE, PLACE_UNDERWATER, PLACE_ROOM }, abstract_lines },
    { 0 }
};
