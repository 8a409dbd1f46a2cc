import { LinkButton } from '@/ui/button';
import { EmptyState } from '@/ui/state';
import { Mark } from '@/ui/shell';

export default function NotFound() {
  return <EmptyState picture={<Mark className="size-14" />} title="There is nothing here" action={<LinkButton href="/">To the projects</LinkButton>}>The address is wrong, or what it named is gone.</EmptyState>;
}
