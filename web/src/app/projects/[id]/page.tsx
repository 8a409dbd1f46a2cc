import { Board } from '@/features/board/board';

export default function Page() { return <Board />; }
