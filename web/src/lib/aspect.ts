/** "16:9" as its two sides. */
export const sidesOf = (aspect: string) => aspect.split(':').map(Number) as [number, number];
