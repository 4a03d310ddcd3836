/* Attaches to, and reads, every process that it can name. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
  int traced = 0;
  for (int pid = 1; pid < 100000; pid++) {
    char byte;
    struct iovec here = { &byte, 1 }, there = { (void *)0x400000, 1 };
    if (pid == getpid())
      continue;
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 || process_vm_readv(pid, &here, 1, &there, 1, 0) == 1)
      traced++;
  }
  printf("traced %d\n", traced);
  return 0;
}
