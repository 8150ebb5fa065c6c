# Runs inside the server's unit, before the server, under the same restrictions: tries what they forbid, and fails the start if one thing works.
# Perl because every Debian has it. One line for each attempt; systemd's journal keeps them.
use strict;
use warnings;
use Errno qw(EPERM EACCES EROFS ENOENT EAFNOSUPPORT ENETUNREACH);
use Socket;

my $bad = 0;
sub forbidden {
    my ($what, $worked) = @_;
    $bad++ if $worked;
    printf "probe: %s: %s\n", $what, $worked ? "WORKED, and must not" : "refused ($!)";
}
# A system call outside the filter ends the process (SIGSYS), so each is tried in a child: it must not come back with success.
sub forbidden_call {
    my ($what, @call) = @_;
    my $child = fork();
    die "fork: $!" unless defined $child;
    if ($child == 0) {
        # A killed child leaves no core: LimitCORE=0.
        my $result = syscall($call[0], @call[1 .. $#call]);
        exit($result == -1 ? 0 : 9);
    }
    waitpid $child, 0;
    my $how = $? & 127 ? "ended by signal " . ($? & 127) : "refused";
    my $worked = $? >> 8 == 9;
    $bad++ if $worked;
    print "probe: $what: ", ($worked ? "WORKED, and must not" : $how), "\n";
}

for my $path ("/etc/probe", "/usr/bin/probe", "/var/tmp/../probe", "/run/probe", "/home/probe", "/root/probe", "/dev/probe", "/sys/kernel/probe", "/proc/sys/kernel/hostname") {
    forbidden("write $path", open(my $f, ">", $path));
}
forbidden("read the onion services' keys", opendir(my $d1, "/var/lib/tor"));
forbidden("read home folders", opendir(my $d2, "/root"));
forbidden("see the machine's first process", -e "/proc/1/cmdline" && open(my $f1, "<", "/proc/1/environ"));
forbidden("see a disk", -e "/dev/vda" || -e "/dev/sda" || -e "/dev/mem");
forbidden("open an internet socket", socket(my $s4, AF_INET, SOCK_STREAM, 0));
forbidden("open an IPv6 socket", socket(my $s6, AF_INET6, SOCK_STREAM, 0));
forbidden("open a netlink socket", socket(my $sn, 16, SOCK_RAW, 0));
# x86-64 numbers: this test's machine is one (see machine.py).
forbidden_call("mount", 165, "none", "/tmp", "tmpfs", 0, "");
forbidden_call("a new user namespace", 272, 0x10000000);
forbidden_call("ptrace", 101, 0, 0, 0, 0);
forbidden_call("load a kernel module", 175, "", 0, "");
forbidden_call("become root", 105, 0);
forbidden_call("memory to write and run", 9, 0, 4096, 7, 0x22, -1, 0);
forbidden_call("read the kernel's log", 103, 3, my $buffer = " " x 16, 16);
forbidden_call("set the clock", 227, 0, pack("qq", 0, 0));
forbidden_call("keyrings of others", 250, 0, -3, 1);

open(my $status, "<", "/proc/self/status") or die "status: $!";
my %s = map { /^(\w+):\s*(.*)$/ ? ($1 => $2) : () } <$status>;
for my $want (["NoNewPrivs", "1"], ["Seccomp", "2"], ["CapEff", "0" x 16], ["CapBnd", "0" x 16], ["CapPrm", "0" x 16]) {
    my ($name, $value) = @$want;
    print "probe: $name is $s{$name}\n";
    $bad++ if $s{$name} ne $value;
}
print "probe: ", $bad ? "$bad things WORKED" : "nothing forbidden worked", "\n";
exit($bad ? 1 : 0);
