#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, getenv("HOST"), &there.sin_addr);
    if (connect(s, (struct sockaddr *)&there, sizeof there) < 0) {
        perror("client");
        return 1;
    }
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    getsockname(s, (struct sockaddr *)&own, &size);
    printf("%s %d\n", inet_ntoa(own.sin_addr), ntohs(own.sin_port));
    fflush(stdout);
    char heard[1000];
    while (read(s, heard, sizeof heard) > 0)
        ;
    close(s);
    return 0;
}
