import io.javalin.Javalin;

final class JavalinServer {
    public static void main(String[] args) {
        Javalin.create()
                .get("/*", context -> context.result(Answers.any(context.path(), context.queryString())))
                .get("/", context -> context.result(Answers.quick(context.queryString())))
                .start(Answers.port());
    }
}
