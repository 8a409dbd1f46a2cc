/*
 * The words themselves. Phrases are in base form; inflections are the reader's business
 * (lexicon.c). Rows marked loose name things that are drawn as their value but are called by their
 * own name in prompts.
 */
#include "plan/lexicon.h"

#define ROW(kind, value, phrases)       { WORD_##kind, value, false, phrases },
#define ROW_LOOSE(kind, value, phrases) { WORD_##kind, value, true, phrases },

const struct lexicon_row lexicon_rows[] = {
    /* ---- places ---- */
    ROW(PLACE, PLACE_CITY_STREET, "street|city street|avenue|boulevard|sidewalk|pavement|city|"
        "downtown|crossing|intersection|crosswalk|high street|main street|back street|town|"
        "neighbourhood|neighborhood|metropolis")
    ROW_LOOSE(PLACE, PLACE_CITY_STREET, "tokyo|paris|london|new york|brooklyn|berlin|lagos|seoul|"
        "mumbai|delhi|los angeles|chicago|lisbon|rome|istanbul|cairo|havana|hong kong|shanghai|"
        "village|plaza|square|suburb|parking lot|car park|bus stop|playground|court|skatepark|"
        "basketball court|stadium|harlem|venice|bus shelter")
    ROW(PLACE, PLACE_ALLEY, "alley|alleyway|back alley|side street|backstreet|dead end|passage|"
        "courtyard|backyard")
    ROW_LOOSE(PLACE, PLACE_ALLEY, "tunnel|underpass|staircase|stairwell|fire escape|loading dock|"
        "warehouse yard")
    ROW(PLACE, PLACE_ROOFTOP, "rooftop|roof|roof top|terrace|roof terrace|balcony")
    ROW(PLACE, PLACE_SKYLINE, "skyline|skyscraper|high rise|tower block|cityscape|neon city|"
        "city light")
    ROW_LOOSE(PLACE, PLACE_SKYLINE, "tower|castle|cathedral|temple|pyramid|crane|"
        "construction site|power station|citadel|megacity")
    ROW(PLACE, PLACE_BRIDGE, "bridge|footbridge|overpass|viaduct|suspension bridge|flyover")
    ROW(PLACE, PLACE_MARKET, "market|bazaar|night market|market stall|fish market|flea market|"
        "stall|food stall")
    ROW_LOOSE(PLACE, PLACE_MARKET, "shop|store|mall|supermarket|convenience store|bookshop|"
        "bookstore|record store|record shop|florist|grocery|fairground|carnival|funfair|"
        "amusement park|circus|fair|corner shop|bakery")
    ROW(PLACE, PLACE_FOREST, "forest|wood|woods|woodland|jungle|rainforest|pine forest|grove|"
        "birch|tree|thicket")
    ROW_LOOSE(PLACE, PLACE_FOREST, "swamp|campsite|camp|treehouse|tree house|cemetery|graveyard")
    ROW(PLACE, PLACE_DESERT, "desert|dune|sand dune|sahara|salt flat|wasteland|badlands|mesa|"
        "canyon")
    ROW_LOOSE(PLACE, PLACE_DESERT, "mars|martian|quarry|ruins|ruin|oasis|crater|planet surface")
    ROW(PLACE, PLACE_MOUNTAINS, "mountain|mountain top|peak|summit|cliff|ridge|alps|himalaya|"
        "valley|highland|hill|hilltop|mountainside|volcano|fjord")
    ROW(PLACE, PLACE_SEA_SHORE, "beach|shore|seashore|sea shore|coast|coastline|seaside|ocean|sea|"
        "bay|cove|surf")
    ROW_LOOSE(PLACE, PLACE_SEA_SHORE, "pier|harbour|harbor|dock|lighthouse|port|jetty|island|"
        "boardwalk|promenade|marina")
    ROW(PLACE, PLACE_LAKE, "lake|pond|river|riverbank|river bank|lagoon|stream|waterfall|lakeside|"
        "canal")
    ROW_LOOSE(PLACE, PLACE_LAKE, "pool|swimming pool|reservoir|dam|fountain|marsh|wetland")
    ROW(PLACE, PLACE_UNDERWATER, "underwater|under water|under the sea|beneath the wave|"
        "beneath the sea|ocean floor|seabed|sea bed|coral reef|reef|deep sea|kelp forest|"
        "beneath the surface")
    ROW_LOOSE(PLACE, PLACE_UNDERWATER, "aquarium|shipwreck|submarine|atlantis")
    ROW(PLACE, PLACE_FIELD, "field|meadow|prairie|wheat field|corn field|cornfield|grassland|"
        "pasture|savannah|steppe|sunflower field|poppy field|countryside|plain|rice field|"
        "lavender field")
    ROW_LOOSE(PLACE, PLACE_FIELD, "farm|barn|vineyard|football field|football pitch|race track|"
        "airfield|runway|camp field")
    ROW(PLACE, PLACE_GARDEN, "garden|park|orchard|rose garden|botanical garden|greenhouse|"
        "flower bed|lawn|allotment")
    ROW_LOOSE(PLACE, PLACE_GARDEN, "cherry blossom|hedge maze|maze|conservatory|picnic")
    ROW(PLACE, PLACE_SNOW_FIELD, "snow field|snowfield|snowy field|tundra|arctic|antarctica|"
        "glacier|frozen lake|ice|ice sheet|north pole|south pole|snowy plain|iceberg|frozen sea|"
        "snowscape")
    ROW_LOOSE(PLACE, PLACE_SNOW_FIELD, "ski slope|ski lift|ice rink|igloo|research station")
    ROW(PLACE, PLACE_ROAD, "road|highway|motorway|freeway|country road|desert road|route|lane|"
        "dirt road|mountain road|roadside|coast road")
    ROW_LOOSE(PLACE, PLACE_ROAD, "gas station|petrol station|motel|truck stop|border crossing|"
        "toll booth|garage|race circuit|workshop garage")
    ROW(PLACE, PLACE_TRAIN, "train|subway|metro|tram|train car|carriage|railway carriage|"
        "night train|underground train|last train")
    ROW_LOOSE(PLACE, PLACE_TRAIN, "station|train station|platform|subway station|bus|night bus|"
        "airport|airplane|plane|ferry|ship|ship deck|terminal|railway|train track|aeroplane|"
        "cabin of a plane|metro station")
    ROW(PLACE, PLACE_CAR_INTERIOR, "back seat|backseat|passenger seat|driver seat|inside a car|"
        "car interior|in the car|in a car|in her car|in his car|in their car|behind the wheel|"
        "steering wheel|dashboard|in a taxi|in the taxi|in a cab")
    ROW_LOOSE(PLACE, PLACE_CAR_INTERIOR, "cockpit|cabin of the truck|in a van|in the van|limousine")
    ROW(PLACE, PLACE_ROOM, "room|bedroom|living room|apartment|flat|house|home|attic|hallway|"
        "hotel room|bed|dining room|dorm|window seat|sofa|cabin|cottage|corridor")
    ROW_LOOSE(PLACE, PLACE_ROOM, "hotel|hospital|prison|cell|church|chapel|school|classroom|"
        "library|basement|cellar|mansion|laundromat|laundrette|launderette|gym|workshop|elevator|"
        "lift shaft|theatre foyer|ward|waiting room|bookcase|dollhouse|doll house|barbershop|"
        "salon|tent|nursery|lobby|warehouse|factory|arcade|bowling alley|locker room|shed")
    ROW(PLACE, PLACE_KITCHEN, "kitchen|kitchen table|stove|oven|sink|pantry|countertop|"
        "restaurant kitchen")
    ROW(PLACE, PLACE_BATHROOM, "bathroom|shower|bathtub|bath|bathroom mirror|washroom|restroom")
    ROW(PLACE, PLACE_OFFICE, "office|desk|cubicle|meeting room|boardroom|open plan office|"
        "workplace|co working space")
    ROW_LOOSE(PLACE, PLACE_OFFICE, "laboratory|lab|newsroom|bank|call centre|call center|"
        "control room|server room|startup|headquarters|courtroom")
    ROW(PLACE, PLACE_DINER, "diner|cafe|caf\xC3\xA9|coffee shop|coffee house|restaurant|bistro|"
        "noodle bar|booth|coffee bar|all night diner|ramen shop")
    ROW_LOOSE(PLACE, PLACE_DINER, "bar|pub|tavern|saloon|canteen|casino|ice cream parlour|"
        "food truck|pizzeria")
    ROW(PLACE, PLACE_CLUB, "club|nightclub|night club|dance floor|dancefloor|disco|rave|party|"
        "jazz club|dance hall")
    ROW_LOOSE(PLACE, PLACE_CLUB, "ballroom|roller rink|karaoke bar|wedding|prom")
    ROW(PLACE, PLACE_STAGE, "stage|concert|theatre|theater|arena|opera house|festival|auditorium|"
        "spotlight|concert hall|backstage|amphitheatre|gig")
    ROW(PLACE, PLACE_STUDIO, "studio|photo studio|white studio|recording studio|seamless|"
        "infinity cove|cyclorama|sound stage|soundstage|film set")
    ROW(PLACE, PLACE_GALLERY, "gallery|museum|exhibition|art gallery|white cube|sculpture hall")
    ROW(PLACE, PLACE_SPACE, "space|outer space|galaxy|cosmos|spaceship|space station|orbit|"
        "moon surface|planet|asteroid|milky way|universe|starship|on the moon|lunar surface|nebula")
    ROW(PLACE, PLACE_SKY, "sky|cloud|above the cloud|in the air|heaven|mid air|stratosphere|"
        "flying island")
    ROW(PLACE, PLACE_ABSTRACT, "void|dreamscape|colour field|color field|geometric shape|"
        "kaleidoscope|limbo|infinite white|cyberspace|inside a dream|abstract shape|liquid colour|"
        "liquid color")

    /* ---- time and weather ---- */
    ROW(TIME, TIME_DAWN, "dawn|sunrise|daybreak|first light|early morning|before sunrise|"
        "break of day|sun comes up|sun come up")
    ROW(TIME, TIME_DAY, "day|daytime|noon|midday|morning|afternoon|daylight|broad daylight|"
        "sunlight|sunny|lunchtime|breakfast|high noon")
    ROW(TIME, TIME_GOLDEN_HOUR, "golden hour|late afternoon|magic hour|golden light|low sun|"
        "evening sun|turn gold")
    ROW(TIME, TIME_DUSK, "dusk|sunset|twilight|evening|sundown|blue hour|nightfall|gloaming")
    ROW(TIME, TIME_NIGHT, "night|midnight|moonlight|moonlit|starlight|starry|after dark|nighttime|"
        "night time|small hour|sleepless|nocturnal|neon|late night|darkness")
    ROW(WEATHER, WEATHER_CLEAR, "clear sky|sunny|sunshine|cloudless|blue sky|clear night")
    ROW(WEATHER, WEATHER_CLOUDY, "cloudy|overcast|grey sky|gray sky|gloomy sky|heavy sky")
    ROW(WEATHER, WEATHER_RAIN, "rain|rainy|drizzle|downpour|raindrop|puddle|monsoon|umbrella|"
        "rainstorm|rain soaked|wet street|soaked|rain swept")
    ROW(WEATHER, WEATHER_STORM, "storm|thunder|lightning|thunderstorm|tempest|hurricane|stormy|"
        "typhoon")
    ROW(WEATHER, WEATHER_SNOW, "snow|snowy|snowfall|blizzard|snowflake|snowstorm|winter|frost|"
        "frozen")
    ROW(WEATHER, WEATHER_FOG, "fog|foggy|mist|misty|haze|smoke|hazy|steam|smog")
    ROW(WEATHER, WEATHER_WIND, "wind|windy|breeze|gale|windswept|gust|leaf blow|autumn wind")
    ROW(WEATHER, WEATHER_DUST, "dust|dusty|sandstorm|dust storm|ash|pollen")

    /* ---- who and what ---- */
    ROW(FIGURE, FIGURE_PERSON, "person|woman|man|girl|boy|lady|guy|teenager|teen|youth|stranger|"
        "lover|singer|musician|guitarist|pianist|drummer|violinist|rapper|artist|painter|sculptor|"
        "photographer|writer|poet|courier|messenger|cyclist|biker|skater|skateboarder|surfer|"
        "runner|athlete|boxer|swimmer|diver|climber|hiker|traveller|traveler|wanderer|drifter|"
        "hitchhiker|tourist|sailor|fisherman|captain|pirate|pilot|driver|taxi driver|trucker|"
        "mechanic|worker|builder|farmer|gardener|baker|chef|cook|barista|waiter|waitress|"
        "bartender|cleaner|janitor|teacher|student|doctor|nurse|scientist|engineer|inventor|"
        "detective|spy|thief|soldier|knight|warrior|samurai|king|queen|prince|princess|witch|"
        "wizard|vampire|ghost|angel|cowboy|rider|hunter|mother|father|mom|dad|mum|sister|brother|"
        "daughter|son|husband|wife|bride|groom|grandmother|grandfather|grandma|grandpa|widow|"
        "friend|twin|neighbour|neighbor|boss|hero|heroine|lead|rebel|outlaw|dreamer|watchmaker|"
        "clockmaker|lighthouse keeper|keeper|mime|clown|magician|model|dj|hacker|gamer|commuter|"
        "businessman|businesswoman|postman|mail carrier|monk|nun|priest|figure|someone|somebody|"
        "protagonist|character|immigrant|orphan|giant|mermaid|skier|snowboarder|parent|owner|"
        "bandit|locksmith|carpenter|tailor|seamstress|florist|librarian|projectionist|busker|"
        "beekeeper|conductor|astronomer|bellboy|concierge|hermit|shepherd|pensioner|couple|duo|"
        "pair")
    ROW(FIGURE, FIGURE_DANCER, "dancer|ballerina|ballet dancer|breakdancer|b boy|tango dancer|"
        "dance troupe|street dancer|tap dancer")
    ROW(FIGURE, FIGURE_CHILD, "child|kid|toddler|baby|little girl|little boy|small boy|small girl|"
        "young boy|young girl|schoolboy|schoolgirl|infant")
    ROW(FIGURE, FIGURE_ASTRONAUT, "astronaut|cosmonaut|spaceman|spacewoman|space traveller|"
        "space traveler|moon walker|spacesuit")
    ROW(FIGURE, FIGURE_ROBOT, "robot|android|cyborg|automaton|machine man|droid|mech|mannequin")
    ROW(FIGURE, FIGURE_CROWD, "crowd|people|audience|passer by|passersby|spectator|protester|"
        "commuters|fan|mob|dancers|choir|orchestra|marching band|parade|townspeople|villager|"
        "guest|friends|strangers|band|street gang|gang|family|children|team|tourists")
    ROW(FIGURE, FIGURE_DOG, "dog|puppy|wolf|fox|hound|labrador|terrier|husky|stray dog|coyote")
    ROW(FIGURE, FIGURE_CAT, "cat|kitten|tiger|lion|panther|leopard|jaguar|black cat|lioness|"
        "cheetah")
    ROW(FIGURE, FIGURE_BIRD, "bird|pigeon|crow|raven|seagull|gull|owl|eagle|sparrow|swan|dove|"
        "parrot|flamingo|peacock|heron|penguin|butterfly|moth|dragonfly|bee|bat|firefly|"
        "crane bird|hummingbird")
    ROW(FIGURE, FIGURE_HORSE, "horse|stallion|pony|mare|deer|stag|unicorn|zebra|cow|camel|"
        "elephant|giraffe|bull|donkey|reindeer|moose")
    ROW(FIGURE, FIGURE_FISH, "fish|whale|shark|dolphin|jellyfish|octopus|turtle|goldfish|koi|"
        "squid|seahorse|salmon")
    ROW(FIGURE, FIGURE_CAR, "car|taxi|truck|van|limousine|convertible|sports car|muscle car|"
        "pickup|cab|suv|cadillac|old car|vintage car|race car|jeep|camper van|hearse")
    ROW(FIGURE, FIGURE_BICYCLE, "bicycle|bike|motorcycle|motorbike|scooter|moped|vespa|skateboard")
    ROW(FIGURE, FIGURE_BOAT, "boat|sailboat|rowboat|canoe|kayak|raft|yacht|gondola|sailing boat|"
        "fishing boat|ship")
    ROW(FIGURE, FIGURE_ROCKET, "rocket|spacecraft|space shuttle|missile|ufo|flying saucer")
    ROW(FIGURE, FIGURE_BALLOON, "balloon|hot air balloon|kite|airship|zeppelin|paper lantern|"
        "sky lantern")

    /* ---- what is done ---- */
    ROW(ACTION, ACTION_STAND, "stand|wait|pose|linger|face|stop|freeze|watch|stare|remain|gather|"
        "listen")
    ROW(ACTION, ACTION_WALK, "walk|stroll|wander|stride|cross|march|step|pace|roam|climb|hike|"
        "follow|leave|arrive|come home|enter|go|return|drift through|carry|push|pull|search|"
        "trudge|limp|tiptoe|move through|cross over")
    ROW(ACTION, ACTION_RUN, "run|sprint|race|chase|flee|escape|rush|jog|hurry|dash|bolt|pursue|"
        "charge")
    ROW(ACTION, ACTION_DANCE, "dance|sway|twirl|spin|groove|waltz|tango|pirouette|breakdance|"
        "boogie|moonwalk|celebrate")
    ROW(ACTION, ACTION_SING, "sing|rap|perform|scream|shout|whisper|hum|belt out|croon|lip sync|"
        "howl|call out")
    ROW(ACTION, ACTION_PLAY_GUITAR, "play guitar|play the guitar|strum|play a guitar|guitar|"
        "bass guitar|ukulele|play the violin|play the cello|banjo")
    ROW(ACTION, ACTION_PLAY_DRUMS, "drum|play the drum|drumming|play drum|drum kit|percussion")
    ROW(ACTION, ACTION_SIT, "sit|rest|perch|lounge|kneel|crouch|slump|meditate|play the piano|"
        "play piano|piano|sit down")
    ROW(ACTION, ACTION_LOOK_UP, "look up|gaze up|stare at the sky|stargaze|watch the sky|"
        "look at the sky|watch the star|look at the star|gaze at the star|dream of|wish")
    ROW(ACTION, ACTION_LOOK_AWAY, "look away|look back|look out|gaze out|turn away|look over|"
        "remember|regret|stare out|look down|weep|cry|mourn|miss")
    ROW(ACTION, ACTION_REACH, "reach|grab|touch|catch|stretch|pick up|grasp|open|find|discover|"
        "plant|knock|unlock|press|steal")
    ROW(ACTION, ACTION_HOLD, "hold|hug|embrace|cradle|clutch|kiss|fold|light|wear|collect|"
        "gather up|show|lift|raise|deliver|give|receive|put|lose|keep")
    ROW(ACTION, ACTION_DRINK, "drink|sip|toast|gulp|taste|swallow|pour a drink|eat|bite")
    ROW(ACTION, ACTION_DRIVE, "drive|steer|speed|cruise|road trip|park the car|hit the road")
    ROW(ACTION, ACTION_RIDE, "ride|cycle|pedal|skate|skateboard|gallop|surf|ski|bike|row|sail|"
        "paddle|coast downhill")
    ROW(ACTION, ACTION_SLEEP, "sleep|doze|nap|lie|dream|wake|wake up|snooze|lie down|fall asleep|"
        "rest in bed|lie awake")
    ROW(ACTION, ACTION_JUMP, "jump|leap|hop|skip|bounce|vault|dive|parkour")
    ROW(ACTION, ACTION_FALL, "fall|tumble|collapse|drop|sink|stumble|slip|crash|drown|trip")
    ROW(ACTION, ACTION_FLY, "fly|soar|hover|float|glide|levitate|take off|rise|ascend|launch|"
        "drift away|lift off")
    ROW(ACTION, ACTION_SWIM, "swim|dive in|snorkel|paddle out|float in the water|plunge")
    ROW(ACTION, ACTION_TURN, "turn|rotate|transform|change|spin around|turn around|become|unfold|"
        "bloom|grow|learn|glow|burn|melt|shine|twist")
    ROW(ACTION, ACTION_POINT, "point|gesture|aim|show the way|conduct|direct")
    ROW(ACTION, ACTION_READ, "read|write|study|read a letter|draw|sketch|paint|write a letter|"
        "examine|compose")
    ROW(ACTION, ACTION_COOK, "cook|bake|stir|fry|chop|knead|make breakfast|make dinner|brew|boil|"
        "grill|pour|put the kettle on|make coffee|make tea|build|repair|fix|mend|craft|carve")
    ROW(ACTION, ACTION_TYPE, "type|code|text|scroll|browse|program|work late|call|phone|film|"
        "photograph|take a photo")
    ROW(ACTION, ACTION_WAVE, "wave|greet|say goodbye|salute|cheer|applaud|clap|wave goodbye|"
        "bid farewell|farewell|laugh|smile")

    /* ---- moods ---- */
    ROW(MOOD, MOOD_CALM, "calm|peaceful|quiet|serene|gentle|still|slow|soft|tender|cozy|cosy|warm|"
        "relaxed|soothing|meditative|tranquil")
    ROW(MOOD, MOOD_JOYFUL, "joyful|joy|happy|happiness|celebration|euphoric|cheerful|bright|party|"
        "love|bliss|uplifting|in love|delight|romantic|romance|kiss|wedding")
    ROW(MOOD, MOOD_TENSE, "tense|thriller|danger|dangerous|fear|afraid|chase|escape|heist|fight|"
        "battle|war|angry|anger|rage|nightmare|paranoid|hunt|hunted|urgent|violent|desperate|"
        "hostile|apocalypse")
    ROW(MOOD, MOOD_DREAMY, "dreamy|dream|surreal|ethereal|floating|magical|magic|enchanted|"
        "fantasy|psychedelic|hypnotic|whimsical|lucid|fairy tale|fairytale|weightless|otherworldly")
    ROW(MOOD, MOOD_MELANCHOLY, "melancholy|sad|sadness|lonely|loneliness|alone|grief|loss|lost|"
        "heartbreak|broken|heartbroken|nostalgia|nostalgic|longing|farewell|goodbye|mourning|tear|"
        "regret|bittersweet|abandoned|forgotten|blue|breakup|homesick")
    ROW(MOOD, MOOD_TRIUMPHANT, "triumphant|triumph|victory|epic|heroic|win|glory|freedom|free|"
        "power|powerful|rise|unstoppable|champion|conquer|hope|hopeful|revolution|overcome")
    ROW(MOOD, MOOD_PLAYFUL, "playful|fun|funny|quirky|silly|colorful|colourful|comedy|goofy|"
        "mischief|mischievous|bouncy|cheeky|toy|circus|prank")
    ROW(MOOD, MOOD_MYSTERIOUS, "mysterious|mystery|secret|strange|eerie|haunted|haunting|dark|"
        "shadow|shadowy|hidden|uncanny|gothic|cryptic|ghostly|occult|noir|unknown|enigmatic")

    /* ---- what someone looks like ---- */
    ROW(BUILD, BUILD_SLIM, "slim|thin|slender|skinny|lanky|lean|petite|wiry|willowy")
    ROW(BUILD, BUILD_BROAD, "broad|heavy|muscular|stocky|big|burly|strong|chubby|plump|fat|large|"
        "stout|bulky")
    ROW(BUILD, BUILD_TALL, "tall|towering|long legged|leggy")
    ROW(BUILD, BUILD_SHORT, "short|small|tiny|little")
    ROW(BUILD, BUILD_OLD, "old|elderly|aged|grandmother|grandfather|grandma|grandpa|ageing|aging|"
        "white bearded|pensioner|retired|in her seventies|in his seventies|wrinkled")
    ROW(HAIR, HAIR_LONG, "long hair|long haired|braid|ponytail|pony tail|flowing hair|"
        "straight hair|dreadlock|pigtail|plait|waist length hair|long dark hair|long blond hair|"
        "long red hair|long black hair")
    ROW(HAIR, HAIR_SHORT, "short hair|short haired|crew cut|buzz cut|pixie cut|cropped hair|"
        "close cropped|short dark hair|short black hair|short blond hair|undercut|quiff")
    ROW(HAIR, HAIR_BUN, "bun|top knot|topknot|man bun|hair tied up|chignon|updo|hair up")
    ROW(HAIR, HAIR_CURLY, "curly hair|curl|afro|curly|wavy hair|frizzy|ringlet|wild hair|"
        "curly haired|coil")
    ROW(HAIR, HAIR_BOB, "bob|bob cut|chin length hair|fringe|bangs|bobbed hair|dark bob|bowl cut")
    ROW(HAIR, HAIR_BALD, "bald|shaved head|shaven head|hairless|bald head")
    ROW(HAIR, HAIR_HAT, "hat|cap|beanie|fedora|top hat|cowboy hat|helmet|beret|bowler|"
        "baseball cap|straw hat|crown|turban|headscarf")
    ROW(HAIR, HAIR_HOOD, "hood|hooded|hood up")
    ROW(GARMENT, GARMENT_SHIRT, "shirt|t shirt|tee|jersey|vest|blouse|sweater|jumper|cardigan|"
        "turtleneck|apron|overalls|dungarees|polo|tank top|pullover|knit|uniform|tracksuit")
    ROW(GARMENT, GARMENT_COAT, "coat|overcoat|trench coat|raincoat|parka|cloak|cape|robe|"
        "duffel coat|poncho|gown coat|hooded raincoat|trenchcoat|lab coat|fur coat|kimono")
    ROW(GARMENT, GARMENT_DRESS, "dress|gown|skirt|wedding dress|sundress|sari|tutu|evening dress|"
        "ball gown")
    ROW(GARMENT, GARMENT_SUIT, "suit|tuxedo|tailored suit|blazer|waistcoat|three piece|"
        "dinner jacket|pinstripe|tie|bow tie")
    ROW(GARMENT, GARMENT_HOODIE, "hoodie|hooded sweatshirt|sweatshirt")
    ROW(GARMENT, GARMENT_JACKET, "jacket|leather jacket|denim jacket|bomber jacket|windbreaker|"
        "biker jacket|anorak|varsity jacket|puffer|down jacket|flight jacket")
    ROW(HAIR_NOUN, 0, "hair|haired|beard|bearded|moustache|mustache")
    ROW(HAIR_COLOUR, 0xE3BE73, "blond|blonde|fair haired|golden haired")
    ROW(HAIR_COLOUR, 0x5A3825, "brunette|brown haired")
    ROW(HAIR_COLOUR, 0xB5502B, "redhead|red haired|ginger|auburn|red headed")
    ROW(HAIR_COLOUR, 0x17151A, "black haired|dark haired|raven haired")
    ROW(HAIR_COLOUR, 0xC9C6C2, "grey haired|gray haired|silver haired|white haired")
    ROW(HAIR_COLOUR, 0x2B2024, "dark hair|dark bob|dark curl")
    ROW(SKIN, 0x5C3A28, "dark skin|dark skinned|black skin|deep brown skin|ebony skin|black woman|"
        "black man")
    ROW(SKIN, 0x9C6A46, "brown skin|brown skinned|tan skin|tanned|bronze skin")
    ROW(SKIN, 0xC99B6E, "olive skin|olive skinned")
    ROW(SKIN, 0xF1D5C2, "pale|pale skin|fair skin|fair skinned|freckle|freckled|porcelain skin")

    /* ---- colours ---- */
    ROW(COLOUR, 0xC62828, "red")            ROW(COLOUR, 0xA0182B, "crimson|scarlet|ruby")
    ROW(COLOUR, 0x6E1423, "burgundy|maroon|wine red|oxblood")
    ROW(COLOUR, 0xE8752A, "orange|tangerine")
    ROW(COLOUR, 0xC25B2E, "rust|copper|terracotta|rusty|bronze")
    ROW(COLOUR, 0xF2C230, "yellow|mustard|lemon|canary yellow")
    ROW(COLOUR, 0xD9A441, "gold|golden|amber|brass|honey")
    ROW(COLOUR, 0x2E8B57, "green")          ROW(COLOUR, 0x1B5E3B, "emerald|dark green|"
        "bottle green|forest green")
    ROW(COLOUR, 0x7A8450, "olive|khaki|sage|moss green|army green")
    ROW(COLOUR, 0x1F8A8A, "teal")           ROW(COLOUR, 0x3CC4C0, "turquoise|cyan|aqua|mint")
    ROW(COLOUR, 0x2F62B5, "blue|cobalt|royal blue|denim")
    ROW(COLOUR, 0x1B2A52, "navy|navy blue|dark blue|midnight blue|indigo")
    ROW(COLOUR, 0x86B8E0, "light blue|sky blue|baby blue|pale blue|powder blue|ice blue")
    ROW(COLOUR, 0x6A3FA0, "purple|violet|plum|amethyst")
    ROW(COLOUR, 0xB79AD6, "lilac|lavender|mauve")
    ROW(COLOUR, 0xEE7FA8, "pink|rose|salmon pink|coral|blush")
    ROW(COLOUR, 0xD81B8C, "magenta|hot pink|fuchsia")
    ROW(COLOUR, 0x6B442B, "brown|chocolate|chestnut|walnut")
    ROW(COLOUR, 0xC8A97E, "tan|beige|sand coloured|camel coloured|caramel")
    ROW(COLOUR, 0xF3E9D2, "cream|ivory|off white|vanilla")
    ROW(COLOUR, 0x17171B, "black|jet black|charcoal|matte black|ebony")
    ROW(COLOUR, 0xF4F4F2, "white|snow white|pearl")
    ROW(COLOUR, 0x808488, "grey|gray|slate|ash grey")
    ROW(COLOUR, 0xBFC5CC, "silver|chrome|steel|metallic|aluminium|aluminum|titanium")
    { 0 }
};

const char lexicon_verbs[] =
    "|walk|run|dance|sing|play|sit|stand|look|reach|hold|drink|drive|ride|sleep|jump|fall|fly|"
    "swim|turn|point|read|cook|type|wave|stroll|wander|stride|cross|march|step|pace|roam|climb|"
    "hike|follow|leave|arrive|come|enter|go|return|carry|push|pull|search|trudge|limp|sprint|race|"
    "chase|flee|escape|rush|jog|hurry|dash|bolt|pursue|sway|twirl|spin|waltz|rap|perform|scream|"
    "shout|whisper|hum|strum|rest|perch|kneel|crouch|meditate|gaze|stare|watch|remember|regret|"
    "weep|cry|mourn|miss|grab|touch|catch|stretch|pick|grasp|open|find|discover|plant|knock|"
    "unlock|press|steal|hug|embrace|cradle|clutch|kiss|fold|light|wear|collect|show|lift|raise|"
    "deliver|give|receive|put|lose|keep|sip|toast|taste|eat|bite|steer|speed|cruise|cycle|pedal|"
    "skate|gallop|surf|ski|row|sail|paddle|doze|lie|dream|wake|leap|hop|skip|bounce|vault|dive|"
    "tumble|collapse|drop|sink|stumble|slip|crash|drown|soar|hover|float|glide|levitate|take|rise|"
    "ascend|launch|drift|plunge|rotate|transform|change|become|unfold|bloom|grow|learn|glow|burn|"
    "melt|shine|twist|aim|conduct|write|study|draw|sketch|paint|compose|bake|stir|fry|chop|knead|"
    "brew|boil|pour|build|repair|fix|mend|craft|carve|code|text|scroll|film|photograph|greet|"
    "salute|cheer|clap|laugh|smile|make|get|meet|break|begin|start|finish|end|try|want|need|love|"
    "hate|hear|feel|see|notice|realise|realize|decide|choose|forget|think|know|believe|hope|wish|"
    "wait|stop|live|die|survive|fight|win|save|rescue|hunt|hide|seek|explore|travel|journey|sneak|"
    "creep|crawl|slide|roll|bend|shake|tremble|breathe|sigh|blink|wink|nod|bow|throw|toss|kick|"
    "hit|punch|swing|drag|tear|rip|cut|tie|wrap|pack|unpack|send|call|ring|answer|ask|tell|say|"
    "speak|talk|listen|teach|lead|guide|help|join|bring|buy|sell|pay|spend|earn|share|split|stay|"
    "remain|move|dress|undress|wash|clean|sweep|fill|empty|spill|wipe|polish|close|shut|lock|set|"
    "lay|hang|paint|blow|whistle|howl|bark|purr|sniff|fetch|hatch|feed|water|dig|bury|harvest|"
    "gather|fade|vanish|disappear|appear|emerge|approach|pass|circle|orbit|land|crumble|shatter|"
    "explode|ignite|flicker|spark|flood|freeze|thaw|warm|cool|cover|reveal|uncover|peel|crack|"
    "echo|ring|fog|flow|stream|pull|stalk|haunt|possess|summon|conjure|heal|hurt|bleed|recover|"
    "rebuild|restore|reunite|separate|part|marry|propose|celebrate|party|gamble|bet|trade|work|"
    "commute|train|compete|exercise|practise|practice|rehearse|record|broadcast|tune|charge|"
    "invent|design|create|assemble|dismantle|wind|tick|repeat|loop|rewind|stumble|confront|face|"
    "defy|resist|surrender|forgive|apologise|apologize|confess|promise|swear|betray|deceive|trick|"
    "tempt|seduce|flirt|reflect|mirror|imagine|wonder|ponder|worry|panic|relax|awaken|stray|"
    "linger|depart|board|hitchhike|migrate|navigate|swirl|whirl|shelter|guard|protect|defend|"
    "attack|conquer|rule|serve|order|pour|sprinkle|scatter|spread|connect|disconnect|unite|bond|"
    "befriend|visit|invite|host|welcome|abandon|trace|track|trap|free|release|let|turn|hold|"
    "happen|use|transform|refresh|refuel|recharge|unwind|enjoy|discover|experience|deserve|";

const char lexicon_determiners[] =
    "|a|an|the|my|his|her|their|its|our|your|this|that|these|those|some|every|each|another|no|any|"
    "both|all|many|several|few|one|";
const char lexicon_numbers[] = "|two|three|four|five|six|seven|eight|nine|ten|hundreds|thousands|"
    "dozens|";
const char lexicon_prepositions[] =
    "|in|on|at|under|over|through|across|along|beside|between|behind|beneath|below|above|by|near|"
    "inside|outside|into|onto|from|to|toward|towards|with|without|around|against|among|past|up|"
    "down|of|off|out|for|about|after|before|during|upon|beyond|within|like|amid|atop|despite|via|"
    "until|till|away|back|home|together|";
const char lexicon_subordinators[] =
    "|as|while|when|where|who|which|that|because|so|until|if|whose|although|though|since|whenever|"
    "wherever|before|after|than|";
const char lexicon_pronouns[] = "|she|he|it|they|we|i|you|";
const char lexicon_adverbs[] =
    "|then|finally|suddenly|slowly|quietly|eventually|soon|later|now|still|always|never|just|only|"
    "also|alone|again|almost|once|not|ever|gently|quickly|softly|there|here|instead|meanwhile|";
const char lexicon_female[] =
    "|she|her|hers|herself|woman|girl|lady|mother|mom|mum|queen|princess|bride|waitress|ballerina|"
    "grandmother|grandma|sister|daughter|wife|actress|heroine|witch|widow|nun|mermaid|"
    "businesswoman|seamstress|goddess|aunt|schoolgirl|spacewoman|lioness|mare|";
const char lexicon_male[] =
    "|he|him|his|himself|man|boy|guy|father|dad|king|prince|groom|waiter|grandfather|grandpa|"
    "brother|son|husband|actor|wizard|cowboy|fisherman|businessman|monk|priest|uncle|schoolboy|"
    "spaceman|postman|stallion|gentleman|";
const char lexicon_plural_nouns[] = "|people|children|men|women|lovers|friends|strangers|twins|"
    "siblings|dancers|police|";
const char lexicon_not_adjectives[] = "|and|or|but|then|nor|yet|";

const struct irregular lexicon_irregulars[] = {
    { "ran", "run" }, { "sang", "sing" }, { "sung", "sing" }, { "rode", "ride" },
    { "ridden", "ride" }, { "flew", "fly" }, { "flown", "fly" }, { "swam", "swim" },
    { "fell", "fall" }, { "fallen", "fall" }, { "slept", "sleep" }, { "drove", "drive" },
    { "driven", "drive" }, { "drank", "drink" }, { "held", "hold" }, { "sat", "sit" },
    { "stood", "stand" }, { "wrote", "write" }, { "written", "write" }, { "woke", "wake" },
    { "lost", "lose" }, { "found", "find" }, { "went", "go" }, { "goes", "go" }, { "gone", "go" },
    { "came", "come" }, { "left", "leave" }, { "made", "make" }, { "met", "meet" },
    { "broke", "break" }, { "broken", "break" }, { "began", "begin" }, { "saw", "see" },
    { "seen", "see" }, { "felt", "feel" }, { "heard", "hear" }, { "knew", "know" },
    { "thought", "think" }, { "grew", "grow" }, { "grown", "grow" }, { "became", "become" },
    { "took", "take" }, { "taken", "take" }, { "gave", "give" }, { "given", "give" },
    { "kept", "keep" }, { "caught", "catch" }, { "stole", "steal" }, { "stolen", "steal" },
    { "built", "build" }, { "threw", "throw" }, { "thrown", "throw" }, { "drew", "draw" },
    { "drawn", "draw" }, { "wore", "wear" }, { "worn", "wear" }, { "hid", "hide" },
    { "hidden", "hide" }, { "lit", "light" }, { "led", "lead" }, { "fought", "fight" },
    { "sought", "seek" }, { "brought", "bring" }, { "bought", "buy" }, { "sent", "send" },
    { "told", "tell" }, { "said", "say" }, { "spoke", "speak" }, { "won", "win" },
    { "rose", "rise" }, { "risen", "rise" }, { "leapt", "leap" }, { "dreamt", "dream" },
    { "burnt", "burn" }, { "learnt", "learn" }, { "crept", "creep" }, { "swept", "sweep" },
    { "blew", "blow" }, { "blown", "blow" }, { "lying", "lie" }, { "dying", "die" },
    { "tying", "tie" }, { "lain", "lie" }, { "hung", "hang" }, { "slid", "slide" },
    { "men", "man" }, { "women", "woman" }, { "children", "child" }, { "wolves", "wolf" },
    { "leaves", "leaf" }, { "ate", "eat" }, { "eaten", "eat" }, { "bit", "bite" },
    { "sank", "sink" }, { "sunk", "sink" }, { "chose", "choose" }, { "chosen", "choose" },
    { "forgot", "forget" }, { "froze", "freeze" }, { "paid", "pay" }, { "laid", "lay" },
    { "wound", "wind" }, { "tore", "tear" }, { "torn", "tear" },
    { NULL, NULL }
};
