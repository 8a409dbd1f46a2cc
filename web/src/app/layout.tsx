import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { Providers } from '@/ui/providers';
import { Shell } from '@/ui/shell';
import './globals.css';

const inter = localFont({ src: '../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', variable: '--font-inter', weight: '100 900', display: 'swap' });
const mono = localFont({ src: '../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2', variable: '--font-mono-face', weight: '100 800', display: 'swap', preload: false });

export const metadata: Metadata = { title: 'Storyreel', description: 'A cutting room for films made from words and a song.' };
export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en" data-theme="dark" className={`${inter.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        {/* eslint-disable-next-line @next/next/no-sync-scripts -- it decides the theme before the first paint, and asks the server first */}
        <script src="/early.js" />
      </head>
      <body>
        <Providers><Shell>{children}</Shell></Providers>
      </body>
    </html>
  );
}
