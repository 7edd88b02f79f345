<%@ page contentType="text/html; charset=UTF-8" pageEncoding="UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<%@ taglib prefix="fn" uri="jakarta.tags.functions" %>
<c:set var="root" value="${fn:escapeXml(pageContext.request.contextPath)}"/>
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Guestbook</title>
  <link rel="stylesheet" href="${root}/style.css">
  <script src="${root}/live.js" defer></script>
</head>
<body>
<header>
  <h1>Guestbook</h1>
  <p>
    <c:choose>
      <c:when test="${empty sessionScope.name}">Welcome, stranger.</c:when>
      <c:otherwise>Welcome back, <c:out value="${sessionScope.name}"/>.</c:otherwise>
    </c:choose>
    <c:if test="${not empty sessionScope.visits}"> This is your visit number <b id="visits"><c:out value="${sessionScope.visits}"/></b>.</c:if>
  </p>
</header>
<main>
  <p id="news" hidden>Somebody wrote something. <a href="${root}/">Show it</a></p>
  <form action="${root}/entries" method="post" enctype="multipart/form-data">
    <c:forEach var="complaint" items="${form.complaints()}">
      <p class="complaint" role="alert"><c:out value="${complaint}"/></p>
    </c:forEach>
    <label>Name <input name="name" maxlength="60" required value="${fn:escapeXml(form.name())}"></label>
    <label>Text <textarea name="text" maxlength="2000" rows="4" required><c:out value="${form.text()}"/></textarea></label>
    <label>Picture <input type="file" name="picture" accept="image/png,image/jpeg,image/gif,image/webp"></label>
    <button>Write</button>
  </form>
  <c:if test="${empty entries}"><p class="nobody">Nobody has written yet.</p></c:if>
  <c:forEach var="entry" items="${entries}">
    <article>
      <c:if test="${entry.picture()}"><img src="${root}/pictures/${entry.id()}" alt=""></c:if>
      <h2><c:out value="${entry.name()}"/> <time><c:out value="${entry.time()}"/></time></h2>
      <p><c:out value="${entry.text()}"/></p>
    </article>
  </c:forEach>
</main>
<footer>Version <c:out value="${version}"/>, process <c:out value="${pid}"/></footer>
</body>
</html>
