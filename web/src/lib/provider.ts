/** A provider as a name: "Replicate". */
export const providerName = (provider: string) => provider.charAt(0).toUpperCase() + provider.slice(1);
