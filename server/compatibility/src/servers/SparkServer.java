import spark.Spark;

final class SparkServer {
    public static void main(String[] args) {
        Spark.port(Answers.port());
        Spark.get("/*", (request, response) -> Answers.any(request.pathInfo(), request.queryString()));
        Spark.get("/", (request, response) -> Answers.quick(request.queryString()));
    }
}
