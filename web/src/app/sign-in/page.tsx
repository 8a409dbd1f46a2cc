import { SignIn } from '@/features/settings/sign-in';

export default function Page() { return <SignIn />; }
