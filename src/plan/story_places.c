/* Places outside houses, written out: what is seen there and what can be done. */
#include "plan/story.h"

static const struct story_line street_lines[] = {
    WIDE("The street before the song",
         "{hero} [stands] alone on the crossing while the lights change for nobody")
    WIDE("Traffic parts",
         "cars slide past on both sides of {hero}, head lamps drawing lines down the wet road")
    WIDE("Awnings and signs",
         "shop signs flicker on one after another down the whole length of the street")
    ACT(WALK, "Down the white line", "{hero} [walks] the white line down the middle of the road")
    ACT(RUN, "Between two buses", "{hero} [cuts] between two buses and [comes] out running")
    ACT(TURN, "Shop window double",
        "{hero} [passes] a shop window and [stops] when the reflection is a step late")
    ACT(DANCE, "Kerb steps",
        "{hero} [dances] along the kerb, one foot on the stone and one in the road")
    ACT(WALK, "Against the crowd",
        "{hero} [shoulders] through commuters who are all walking the other way")
    DETAIL_OF("Puddle and neon",
              "a shoe breaks the neon in a puddle and the colours slowly put themselves together")
    DETAIL_OF("Paper on the kerb", "a torn poster peels off a wall letter by letter")
    DETAIL_OF("Walk, don't walk",
              "the crossing signal turns from red to green and back again with nobody waiting")
    DETAIL_OF("Steam from below", "steam climbs out of a manhole and folds around a bicycle wheel")
    LINES_END
};

static const struct story_line alley_lines[] = {
    WIDE("The end of the alley",
         "{hero} [is] one thin outline where the alley opens onto the light")
    WIDE("Between brick walls", "fire escapes stack up into the dark above a single bulb in a cage")
    ACT(WALK, "Under the fire escape",
        "{hero} [ducks] under the fire escape and [keeps] to the wall")
    ACT(RUN, "Bins and cats", "{hero} [runs] the length of the alley, scattering the bins")
    ACT(SIT, "Back step",
        "{hero} [sits] down on a kitchen's back step, out of the way of the noise")
    ACT(TURN, "Footsteps behind", "{hero} [turns] around at a sound and [finds] only steam")
    ACT(REACH, "The unmarked door", "{hero} [tries] the handle of an unmarked metal door")
    DETAIL_OF("Bulb in a cage", "a caged bulb buzzes, goes out, and comes back stronger")
    DETAIL_OF("Chalk on brick", "fingers follow an arrow someone chalked on the brick")
    DETAIL_OF("Drip", "water falls from the fire escape into a tin, keeping perfect time")
    LINES_END
};

static const struct story_line rooftop_lines[] = {
    WIDE("Above the antennas",
         "{hero} [is] one small figure among water tanks, the whole city laid out behind")
    WIDE("The city breathes out", "laundry lifts all at once on every roof as far as one can see")
    ACT(WALK, "Along the parapet",
        "{hero} [walks] the parapet with arms out for balance, the street far below")
    ACT(SIT, "Legs over the edge",
        "{hero} [sits] on the edge of the roof, legs hanging over eleven storeys")
    ACT(DANCE, "Between washing lines",
        "{hero} [dances] between the washing lines, sheets opening like curtains")
    ACT(LOOK_UP, "Nothing but sky",
        "{hero} [leans] back against a water tank and [looks] straight up")
    ACT(RUN, "Gravel run", "{hero} [sprints] across the gravel toward the gap between two roofs")
    ACT(REACH, "Stairwell door",
        "{hero} [pushes] open the stairwell door and [steps] out into the wind")
    DETAIL_OF("Pigeons off the tank", "pigeons lift off the water tank in one grey sheet")
    DETAIL_OF("Gutter's edge",
              "the toe of a shoe stops at the lip of the gutter, traffic out of focus below")
    DETAIL_OF("Clothes-peg", "a clothes-peg gives way and a white shirt sails off over the street")
    DETAIL_OF("Aerial light", "a red aerial light blinks over tar paper still warm from the day")
    LINES_END
};

static const struct story_line skyline_lines[] = {
    WIDE("Every window lit", "the towers light up floor by floor until the skyline is complete")
    WIDE("One against the towers",
         "{hero} [stands] at the foot of the towers, no taller than a door")
    WIDE("Cranes over the river",
         "construction cranes swing slowly over the roofs like clock hands")
    ACT(LOOK_UP, "Counting floors",
        "{hero} [looks] up and up until there are no more floors to count")
    ACT(WALK, "Glass canyon", "{hero} [walks] between two glass walls, repeated in both of them")
    ACT(TURN, "All of it at once", "{hero} [turns] a full circle to take the whole skyline in")
    DETAIL_OF("A single dark window", "one dark window in a wall of light comes on")
    DETAIL_OF("Clouds in glass", "clouds cross a mirrored tower pane by pane")
    DETAIL_OF("Lift shaft", "a glass lift climbs the outside of a tower, carrying one lamp")
    LINES_END
};

static const struct story_line bridge_lines[] = {
    WIDE("Middle of the span", "{hero} [crosses] alone, a dot at the centre of the long span")
    WIDE("Cables and river", "the cables count past over black water, one by one")
    ACT(WALK, "Hand on the rail", "{hero} [walks] with one hand running along the cold rail")
    ACT(LOOK_AWAY, "Over the water", "{hero} [leans] on the railing and [watches] a barge go under")
    ACT(RUN, "Bridge at full tilt",
        "{hero} [runs] the bridge end to end while a train overtakes on the lower deck")
    ACT(JUMP, "Both feet off", "{hero} [jumps] from one patch of lamplight into the next")
    ACT(POINT, "Other side", "{hero} [points] at something on the far bank and [goes] faster")
    DETAIL_OF("Rivets", "rain runs from rivet to rivet down a painted girder")
    DETAIL_OF("Padlocks", "one old padlock on the railing knocks in time with the trains")
    DETAIL_OF("Expansion joint",
              "the road opens by a finger's width and closes again as a lorry crosses")
    LINES_END
};

static const struct story_line market_lines[] = {
    WIDE("Stalls going dark",
         "the market packs itself away, awning after awning folding shut around {hero}")
    WIDE("A hundred bulbs", "strings of bare bulbs sway over crates of oranges and ice")
    ACT(WALK, "Between the crates", "{hero} [squeezes] between towers of crates, turning sideways")
    ACT(REACH, "The right change", "{hero} [counts] coins onto a wet counter")
    ACT(LOOK_AWAY, "A face in the stalls",
        "{hero} [catches] sight of someone three stalls away and [loses] them again")
    ACT(RUN, "Oranges everywhere",
        "{hero} [runs] through the aisle as a crate of oranges goes over")
    DETAIL_OF("Scales settle", "a brass scale swings and settles under a handful of cherries")
    DETAIL_OF("Ice and silver", "ice slides off a row of silver fish into the drain")
    DETAIL_OF("Price tag", "a hand-written price is crossed out and written lower")
    DETAIL_OF("Awning chain",
              "a chain runs through a pulley and an awning comes down like an eyelid")
    LINES_END
};

static const struct story_line forest_lines[] = {
    WIDE("Trunks like pillars",
         "{hero} [is] hardly there at all among trunks that go up out of frame")
    WIDE("Where the path gives up", "the path dissolves into fern, and the trees close behind it")
    ACT(WALK, "Moss and roots", "{hero} [climbs] over roots as thick as shoulders")
    ACT(RUN, "Branches give way", "{hero} [runs] and the branches spring back behind like doors")
    ACT(LOOK_UP, "Hole in the canopy",
        "{hero} [stops] under the one gap in the leaves and [looks] up")
    ACT(SIT, "Fallen trunk", "{hero} [sits] down on a fallen trunk and [listens]")
    ACT(REACH, "Bark", "{hero} [lays] a palm against the bark as if to feel it breathe")
    DETAIL_OF("Beetle on moss", "a beetle crosses a cushion of moss lit from behind")
    DETAIL_OF("Needles fall", "pine needles come down through a blade of light, taking their time")
    DETAIL_OF("Footprint fills", "a footprint in the mud slowly fills with water")
    DETAIL_OF("Web and dew", "a web between two ferns shakes and lets its drops go")
    LINES_END
};

static const struct story_line desert_lines[] = {
    WIDE("A line of footprints",
         "{hero} [draws] a single line of footprints across an untouched dune")
    WIDE("Nothing, then someone",
         "heat ripples on the horizon until it turns out to be {hero}, walking")
    WIDE("Wind on the crest", "sand smokes off the crest of a dune in one long breath")
    ACT(WALK, "Up the soft side",
        "{hero} [climbs] the soft side of a dune, sliding back half of every step")
    ACT(FALL, "Down the dune", "{hero} [tumbles] down the dune face in a fan of sand")
    ACT(LOOK_AWAY, "A hand for a roof", "{hero} [shades] {their} eyes and [searches] the shimmer")
    ACT(RUN, "Racing the cloud shadow",
        "{hero} [runs] to stay ahead of a cloud's shadow sweeping over the sand")
    DETAIL_OF("Sand through fingers",
              "sand runs out of a fist and is taken by the wind before it lands")
    DETAIL_OF("Cracked ground", "a crack in the dry ground, and in it one green blade")
    DETAIL_OF("Boot buckle", "grains collect in the eyelets of a boot")
    DETAIL_OF("Lizard", "a lizard lifts two feet at a time off the burning stone")
    LINES_END
};

static const struct story_line mountain_lines[] = {
    WIDE("On the ridge", "{hero} [stands] on the ridge with a sea of cloud below")
    WIDE("Switchbacks", "a path folds back and forth up the slope, {hero} moving on it like a bead")
    WIDE("Shadow of the peak",
         "the shadow of the summit reaches across the valley to the next range")
    ACT(WALK, "Scree", "{hero} [crosses] a slope of loose stone, sending some of it down")
    ACT(REACH, "Last handhold", "{hero} [hauls] up over the last ledge")
    ACT(LOOK_AWAY, "Where it all lies", "{hero} [looks] back down at the way that led here")
    ACT(WAVE, "Echo", "{hero} [calls] across the valley and [waits] for the answer")
    DETAIL_OF("Cairn", "one more flat stone is laid on a cairn and holds")
    DETAIL_OF("Breath", "breath turns white and is taken sideways")
    DETAIL_OF("Rope", "a knot draws tight under gloved fingers")
    LINES_END
};

static const struct story_line shore_lines[] = {
    WIDE("Where the land stops",
         "{hero} [stands] at the water's edge with the horizon ruled straight behind")
    WIDE("Tide coming in", "the tide takes a line of footprints one by one")
    ACT(WALK, "Ankle deep", "{hero} [walks] ankle deep along the edge of the foam")
    ACT(RUN, "Into the waves", "{hero} [runs] into the first wave without slowing down")
    ACT(SIT, "Driftwood", "{hero} [sits] on a driftwood trunk facing the sea")
    ACT(REACH, "Stone in the hand", "{hero} [throws] a flat stone and [counts] the skips")
    ACT(DANCE, "Wet sand",
        "{hero} [spins] on the wet sand, a perfect reflection spinning underneath")
    DETAIL_OF("Foam", "foam draws its lace back over a half-buried shell")
    DETAIL_OF("Rope and rust", "a rope creaks around a rusted iron ring")
    DETAIL_OF("Gull's shadow", "the shadow of a gull crosses the sand and is gone")
    DETAIL_OF("Salt", "salt dries white on a shoe")
    LINES_END
};

static const struct story_line lake_lines[] = {
    WIDE("Still water", "{hero} [stands] at the end of a jetty, doubled in water without a ripple")
    WIDE("Mist on the lake", "mist lies on the lake up to the tops of the reeds")
    ACT(SIT, "End of the jetty", "{hero} [sits] at the end of the jetty, feet just above the water")
    ACT(WALK, "Along the bank", "{hero} [follows] the bank, parting the reeds")
    ACT(SWIM, "First stroke", "{hero} [wades] in and [breaks] the mirror with the first stroke")
    ACT(REACH, "Under the surface",
        "{hero} [kneels] and [puts] a hand through the surface up to the wrist")
    DETAIL_OF("Dragonfly", "a dragonfly settles on a reed, which bows and takes the weight")
    DETAIL_OF("Rings", "rings spread from one raindrop until they meet the bank")
    DETAIL_OF("Oarlock", "an oarlock turns, and the water it lifts falls back in beads")
    LINES_END
};

static const struct story_line underwater_lines[] = {
    WIDE("Blue without a floor", "{hero} [hangs] in blue water with no bottom to be seen")
    WIDE("Shoal turns", "a shoal opens around {hero} and closes again like a curtain")
    ACT(SWIM, "Through the kelp", "{hero} [swims] between ropes of kelp that lean with the swell")
    ACT(REACH, "Toward the light", "{hero} [reaches] for the bright coin of the surface")
    ACT(FALL, "Sinking slowly", "{hero} [sinks] on {their} back, hair and cloth rising")
    ACT(TURN, "Weightless turn", "{hero} [rolls] over once in a sleeve of bubbles")
    DETAIL_OF("Bubbles", "a string of bubbles wobbles upward and flattens against the light")
    DETAIL_OF("Net of light", "a net of sunlight slides over ribbed sand")
    DETAIL_OF("Anemone", "an anemone closes around nothing and opens again")
    LINES_END
};

static const struct story_line field_lines[] = {
    WIDE("Up to the waist in gold", "{hero} [stands] waist deep in grass that moves like water")
    WIDE("One tree",
         "a single tree holds the middle of the plain, {hero} beside it no bigger than a post")
    ACT(WALK, "Palms over the tips", "{hero} [walks] with open palms over the tips of the grass")
    ACT(RUN, "Wake in the grass", "{hero} [runs] and the grass closes behind like a wake")
    ACT(SLEEP, "Flat on the ground", "{hero} [lies] in the grass and [lets] the clouds go over")
    ACT(WAVE, "Toward the far road", "{hero} [waves] both arms at a far road where nothing stops")
    ACT(JUMP, "Over the gate", "{hero} [vaults] a gate without breaking stride")
    DETAIL_OF("Seed head", "a seed head lets go of its parachutes all at once")
    DETAIL_OF("Barbed wire", "a thread of red wool flutters on barbed wire")
    DETAIL_OF("Grasshopper", "a grasshopper folds itself, considers, and is gone")
    LINES_END
};

static const struct story_line garden_lines[] = {
    WIDE("Behind the wall",
         "{hero} [comes] through a door in the wall into more green than there can be room for")
    WIDE("Sprinklers", "sprinklers start across the lawn, each with its own small rainbow")
    ACT(WALK, "Stepping stones",
        "{hero} [follows] stepping stones that someone laid for shorter legs")
    ACT(REACH, "One ripe pear", "{hero} [stretches] for the one ripe pear and [gets] it")
    ACT(SIT, "On the swing", "{hero} [sits] on a swing and [lets] it creak to a stop")
    ACT(TURN, "Petal weather", "{hero} [turns] slowly while petals come down")
    DETAIL_OF("Bee in a foxglove", "a bee backs out of a foxglove dusted yellow")
    DETAIL_OF("Watering can",
              "the last drop gathers on the rose of a watering can and will not fall")
    DETAIL_OF("Ivy on a latch", "ivy has grown through the latch of a garden gate")
    LINES_END
};

static const struct story_line snow_lines[] = {
    WIDE("White on white", "{hero} [is] the only mark on a field of unbroken snow")
    WIDE("Footprints lead out", "footprints lead out from the trees to where {hero} [stands]")
    ACT(WALK, "Knee deep", "{hero} [wades] through knee-deep snow, breath going up like smoke")
    ACT(FALL, "Backwards", "{hero} [falls] backwards into the powder with arms spread")
    ACT(LOOK_UP, "Flakes on the eyelids", "{hero} [turns] {their} eyes up into the falling flakes")
    ACT(RUN, "Downhill", "{hero} [runs] downhill in great slow bounds")
    DETAIL_OF("Flake on wool",
              "one flake lands whole on dark wool and holds its shape for a second")
    DETAIL_OF("Ice gives", "a white line runs through clear ice with a sound like a harp string")
    DETAIL_OF("Branch unloads", "a loaded branch lets go of its snow and springs up")
    LINES_END
};

static const struct story_line road_lines[] = {
    WIDE("To the vanishing point", "{hero} [walks] the centre line of a road that ends in the sky")
    WIDE("Two head lamps", "two head lamps crest the hill and make {hero} a shadow forty feet long")
    WIDE("Telegraph poles", "telegraph poles count off the distance to the hills")
    ACT(WALK, "Thumb out", "{hero} [walks] backwards with one thumb out, hoping")
    ACT(SIT, "On the suitcase", "{hero} [sits] on a suitcase at the bend, watching both directions")
    ACT(RUN, "After the tail lights",
        "{hero} [runs] after a pair of tail lights until they are two red dots")
    ACT(LOOK_AWAY, "Signpost", "{hero} [reads] a signpost with the names worn off")
    DETAIL_OF("Yellow line", "the yellow line pours under the camera")
    DETAIL_OF("Cat's eyes", "cat's eyes in the tarmac light up one after another")
    DETAIL_OF("Map", "a map tears along a fold exactly where it matters")
    LINES_END
};

static const struct story_line space_lines[] = {
    WIDE("Above the curve",
         "{hero} [floats] above the bright curve of a planet, smaller than its clouds")
    WIDE("Slow wreckage", "panels drift by, turning their gold sides to the sun in turn")
    ACT(FLY, "Off the tether", "{hero} [lets] go of the handrail and [drifts] free")
    ACT(REACH, "A finger short", "{hero} [reaches] for a line that turns away by a finger's width")
    ACT(LOOK_AWAY, "Home, the size of a coin",
        "{hero} [covers] the whole Earth with one raised thumb")
    ACT(TURN, "End over end", "{hero} [tumbles] end over end with the stars wheeling")
    DETAIL_OF("Sunrise on glass", "sunrise runs along the rim of a visor")
    DETAIL_OF("Loose bolt", "a bolt drifts off its thread and hangs there, shining")
    DETAIL_OF("Dust in a beam", "moon dust falls back without a sound, every grain at once")
    LINES_END
};

static const struct story_line sky_lines[] = {
    WIDE("Above the weather", "{hero} [is] a speck between two floors of cloud")
    WIDE("Towers of cloud", "clouds go up like a city with nobody in it")
    ACT(FLY, "No ground", "{hero} [flies] with arms held wide through a tunnel of cloud")
    ACT(FALL, "Letting the sky go", "{hero} [falls] backwards with open eyes and no hurry")
    ACT(REACH, "A handful of cloud", "{hero} [closes] a hand on cloud and [finds] it wet")
    ACT(RUN, "Running on nothing",
        "{hero} [runs] along the top of a cloud, each step sinking a little")
    DETAIL_OF("Feather", "a feather spins down past the lens and is caught by an updraught")
    DETAIL_OF("Sleeve in the wind", "a sleeve snaps in the wind, drops standing on the cloth")
    DETAIL_OF("Edge of the sun", "the edge of a cloud burns white as light breaks through")
    LINES_END
};

const struct place_lore place_lores_outside[] = {
    { PLACE_CITY_STREET, OUTDOORS, "the street", "on the street",
      { "shuttered shops, tram wires and signs reflected in the asphalt",
        "brick fronts, striped awnings and one long row of street lamps" },
      { PLACE_ROOFTOP, PLACE_ALLEY, PLACE_BRIDGE, PLACE_TRAIN, PLACE_DINER }, street_lines },
    { PLACE_ALLEY, OUTDOORS, "the alley", "in the alley",
      { "brick on both sides, fire escapes and a caged bulb",
        "stacked crates, wet cobbles and a strip of sky" },
      { PLACE_CITY_STREET, PLACE_ROOFTOP, PLACE_CLUB, PLACE_DINER, PLACE_ROOM }, alley_lines },
    { PLACE_ROOFTOP, OUTDOORS, "the rooftop", "on the rooftop",
      { "tar paper underfoot, water tanks and washing lines against the city",
        "gravel, chimney pots and a forest of aerials over the lights below" },
      { PLACE_CITY_STREET, PLACE_ALLEY, PLACE_SKYLINE, PLACE_BRIDGE, PLACE_ROOM }, rooftop_lines },
    { PLACE_SKYLINE, OUTDOORS, "the towers", "below the towers",
      { "glass towers shoulder to shoulder and cranes between them",
        "stepped silhouettes, aircraft lights and windows like punched tape" },
      { PLACE_ROOFTOP, PLACE_BRIDGE, PLACE_CITY_STREET, PLACE_OFFICE, PLACE_TRAIN },
      skyline_lines },
    { PLACE_BRIDGE, OUTDOORS, "the bridge", "on the bridge",
      { "steel cables fanning up out of frame and dark water underneath",
        "painted girders, a narrow footway and lamps at every fifth step" },
      { PLACE_CITY_STREET, PLACE_SKYLINE, PLACE_ROAD, PLACE_TRAIN, PLACE_ROOFTOP }, bridge_lines },
    { PLACE_MARKET, OUTDOORS, "the market", "in the market",
      { "striped awnings, stacked crates and bare bulbs on a wire",
        "oilcloth tables, hanging scales and steam from a noodle pot" },
      { PLACE_CITY_STREET, PLACE_ALLEY, PLACE_BRIDGE, PLACE_KITCHEN, PLACE_ROOFTOP },
      market_lines },
    { PLACE_FOREST, OUTDOORS, "the forest", "in the forest",
      { "straight dark trunks, fern to the knee and light in blades",
        "birch stems like chalk lines and moss over everything fallen" },
      { PLACE_LAKE, PLACE_FIELD, PLACE_MOUNTAINS, PLACE_ROAD, PLACE_ROOM }, forest_lines },
    { PLACE_DESERT, OUTDOORS, "the desert", "in the desert",
      { "knife-edged dunes and a horizon that will not keep still",
        "red rock, cracked flats and one dead tree" },
      { PLACE_ROAD, PLACE_CAR_INTERIOR, PLACE_SKY, PLACE_MOUNTAINS, PLACE_DINER }, desert_lines },
    { PLACE_MOUNTAINS, OUTDOORS, "the mountainside", "on the mountainside",
      { "grey scree, a thread of path and range behind range in blue",
        "snow in the gullies and cloud filling the valley" },
      { PLACE_FOREST, PLACE_LAKE, PLACE_SNOW_FIELD, PLACE_ROAD, PLACE_SKY }, mountain_lines },
    { PLACE_SEA_SHORE, OUTDOORS, "the shore", "on the shore",
      { "wet sand like a mirror, black groynes and a low line of surf",
        "shingle, a leaning fence and grass flattened by the wind" },
      { PLACE_ROAD, PLACE_LAKE, PLACE_UNDERWATER, PLACE_ROOM, PLACE_SKY }, shore_lines },
    { PLACE_LAKE, OUTDOORS, "the lake", "by the lake",
      { "a grey jetty, reeds and hills upside down in the water",
        "flat water, willow branches and one moored rowing boat" },
      { PLACE_FOREST, PLACE_FIELD, PLACE_MOUNTAINS, PLACE_GARDEN, PLACE_UNDERWATER }, lake_lines },
    { PLACE_UNDERWATER, APART, "the deep water", "under water",
      { "shafts of light coming down through blue into darker blue",
        "kelp like hanging ropes and drifting motes" },
      { PLACE_SEA_SHORE, PLACE_LAKE, PLACE_BATHROOM, PLACE_SKY, PLACE_ABSTRACT },
      underwater_lines },
    { PLACE_FIELD, OUTDOORS, "the field", "in the field",
      { "tall grass combed by the wind and one tree on the rise",
        "ripe barley to the horizon and a line of fence posts" },
      { PLACE_ROAD, PLACE_FOREST, PLACE_GARDEN, PLACE_ROOM, PLACE_SKY }, field_lines },
    { PLACE_GARDEN, OUTDOORS, "the garden", "in the garden",
      { "old walls, espaliered pears and beds let go wild",
        "clipped hedges, a swing and roses heavy on their canes" },
      { PLACE_ROOM, PLACE_KITCHEN, PLACE_FIELD, PLACE_LAKE, PLACE_CITY_STREET }, garden_lines },
    { PLACE_SNOW_FIELD, OUTDOORS, "the snowfield", "on the snowfield",
      { "unbroken white up to a hem of black firs", "wind-carved snow and a pale disc of sun" },
      { PLACE_FOREST, PLACE_MOUNTAINS, PLACE_LAKE, PLACE_ROOM, PLACE_ROAD }, snow_lines },
    { PLACE_ROAD, OUTDOORS, "the road", "on the road",
      { "a straight two-lane road, telegraph poles and a lot of sky",
        "patched tarmac, a faded centre line and hills folding ahead" },
      { PLACE_CAR_INTERIOR, PLACE_DINER, PLACE_FIELD, PLACE_DESERT, PLACE_BRIDGE }, road_lines },
    { PLACE_SPACE, APART, "the dark between stars", "in open space",
      { "hard sunlight, a blue curve below and stars without number",
        "black sky, gold foil and a slow sunrise every few minutes" },
      { PLACE_ROOM, PLACE_DESERT, PLACE_SKY, PLACE_ABSTRACT, PLACE_OFFICE }, space_lines },
    { PLACE_SKY, OUTDOORS, "the open sky", "in the open sky",
      { "cloud above and cloud below with a bright seam between",
        "stacked white cumulus and the ground a rumour" },
      { PLACE_MOUNTAINS, PLACE_FIELD, PLACE_SEA_SHORE, PLACE_ROOFTOP, PLACE_ABSTRACT }, sky_lines },
    { 0 }
};
