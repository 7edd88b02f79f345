package io.jcorn.wire.syslog;

/** What part of the system a message is from, in the names of syslog(3); the numbers are those of RFC 3164 §4.1.1. */
public enum SyslogFacility {
    KERN(0),
    USER(1),
    MAIL(2),
    DAEMON(3),
    AUTH(4),
    SECURITY(4),
    SYSLOG(5),
    LPR(6),
    NEWS(7),
    UUCP(8),
    CRON(9),
    AUTHPRIV(10),
    FTP(11),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private final int number;

    SyslogFacility(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
