/** What every server of the table answers: {@code /?rid=N} at once, {@code /slow?rid=N} after a second. It prints what it has executed. */
final class Answers {

    private static final long PID = ProcessHandle.current().pid();
    static final long SLOW_MILLIS = 1000;

    private Answers() {}

    static String quick(String query) {
        int id = query == null ? -1 : query.indexOf("rid=");
        if (id >= 0) {
            System.out.println("EXECUTED " + query.substring(id + 4));
        }
        return "pid " + PID + "\n";
    }

    static String slow(String query) {
        try {
            Thread.sleep(SLOW_MILLIS);
        } catch (InterruptedException e) {
            return "interrupted\n";
        }
        return quick(query);
    }

    static String any(String path, String query) {
        return path.startsWith("/slow") ? slow(query) : quick(query);
    }

    /** For targets with their query. */
    static String query(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? null : target.substring(mark + 1);
    }

    static int port() {
        return Integer.parseInt(System.getenv("PORT"));
    }
}
