package io.jcorn.wire;

import io.jcorn.wire.WorkerOptions.Threads;
import io.jcorn.wire.syslog.SyslogOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The program arguments of a {@code servlet} worker. What the agent needs is in {@link HostingOptions}, what is inherited in
 * {@link Handover}.
 *
 * @param application the WAR, exploded folder or jar of servlets, already the generation's snapshot
 * @param displayName the application as the user named it, for messages
 * @param classpath further archives and folders of the application, in order
 * @param workFolder where each worker makes a folder of its own, for what it unpacks
 * @param contextPath the path that the application is deployed at: {@code /}, or {@code /shop}
 * @param threads who runs the application's code; {@link Threads.Kind#LOOP} is not possible for servlets
 * @param sessions where HTTP sessions are kept
 * @param deadlines how long clients may take; servlet workers hold clients to a part of them, see {@code docs/servlets.md}
 * @param limits how large requests may be
 * @param reading how strictly requests are read; its root path has no meaning for servlets
 * @param forwarding whose forwarded headers are believed
 * @param accessLog where the lines of requests go
 * @param syslog the daemon that gets the lines of requests too; empty: none
 */
public record ServletOptions(
        Path application,
        String displayName,
        List<Path> classpath,
        Path workFolder,
        String contextPath,
        Threads threads,
        Sessions sessions,
        Deadlines deadlines,
        RequestLimits limits,
        RequestReading reading,
        ForwardingOptions forwarding,
        AccessLogOptions accessLog,
        Optional<SyslogOptions> syslog) {

    public ServletOptions {
        classpath = List.copyOf(classpath);
    }

    /**
     * Where HTTP sessions are kept.
     *
     * @param kind the kind of store
     * @param place the folder for {@link Kind#FILE}, the JDBC URL for {@link Kind#JDBC}, empty for {@link Kind#MEMORY}
     */
    public record Sessions(Kind kind, String place) {
        /** The kinds of session store. */
        public enum Kind {
            /** Each worker keeps its own: for applications without sessions, or behind a proxy that is sticky. */
            MEMORY,
            /** A folder that all workers share. */
            FILE,
            /** A database that all workers, and other machines, share. */
            JDBC
        }
    }

    /** Returns the program arguments, each {@code --name=value}. */
    public List<String> toArguments() {
        ProgramArguments arguments =
                ProgramArguments.none().put("application", application).put("display-name", displayName);
        classpath.forEach(entry -> arguments.put("classpath", entry));
        arguments
                .put("work-folder", workFolder)
                .put("context-path", contextPath)
                .put("threads", threads.text())
                .put("sessions", sessions.kind() + ":" + sessions.place());
        deadlines.put(arguments);
        limits.put(arguments);
        reading.put(arguments);
        forwarding.put(arguments);
        accessLog.put(arguments);
        syslog.ifPresent(daemon -> arguments.put("syslog", daemon.text()));
        return arguments.toList();
    }

    /**
     * Reads the program arguments.
     *
     * @throws IllegalArgumentException if they are not what {@link #toArguments} makes
     */
    public static ServletOptions fromArguments(List<String> given) {
        ProgramArguments arguments = ProgramArguments.of(given);
        return new ServletOptions(
                Path.of(arguments.one("application")),
                arguments.one("display-name"),
                arguments.any("classpath").stream().map(Path::of).toList(),
                Path.of(arguments.one("work-folder")),
                arguments.one("context-path"),
                Threads.parse(arguments.one("threads")),
                sessions(arguments.one("sessions")),
                Deadlines.from(arguments),
                RequestLimits.from(arguments),
                RequestReading.from(arguments),
                ForwardingOptions.from(arguments),
                AccessLogOptions.from(arguments),
                arguments.any("syslog").stream().findFirst().map(SyslogOptions::parse));
    }

    private static Sessions sessions(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("--sessions=" + text + " is not KIND:PLACE");
        }
        return new Sessions(Sessions.Kind.valueOf(text.substring(0, colon)), text.substring(colon + 1));
    }
}
