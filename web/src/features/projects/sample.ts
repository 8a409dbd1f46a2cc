import type { ProjectNew } from '@/api/client';

/** A short advertisement: it needs neither a song nor a picture, so it can be made from here on any machine. */
export const sample: ProjectNew = {
  mode: 'ad-creative',
  conceptPrompt: 'A cold kitchen before dawn. A courier comes home soaked from the night shift and puts the kettle on. Steam fogs the window, the first cup warms her hands, and the street outside turns gold while the city wakes up.',
  characterDescription: 'Mara, a young night courier with a dark bob and freckles, in a yellow hooded raincoat and a teal scarf',
  productDescription: 'Ember, a red enamel kettle with a long gooseneck spout and a wooden handle',
  productName: 'Ember',
  callToAction: 'Wake up warm',
  targetDuration: 15,
  generate: true,
};
