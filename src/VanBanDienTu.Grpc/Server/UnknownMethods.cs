using Grpc.Framing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server;

/// <summary>Answers gRPC requests that no other endpoint takes: UNIMPLEMENTED, never 404.</summary>
internal static class UnknownMethods
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pattern = RoutePatternFactory.Parse("{**method}", defaults: null, parameterPolicies: new { method = new GrpcOnly() });
        endpoints.Map(pattern, AnswerAsync)
            .WithDisplayName("gRPC - unknown method")
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Post]))
            .Add(builder => ((RouteEndpointBuilder)builder).Order = int.MaxValue);
    }

    private static Task AnswerAsync(HttpContext http)
    {
        if (!RequestCheck.Refuses(http))
        {
            http.Response.ContentType = HeaderNames.ContentType;
            ResponseHeaders.AppendStatus(http.Response.Headers, new Status(StatusCode.Unimplemented, $"There is no method {http.Request.Path} here."));
        }

        return Task.CompletedTask;
    }

    /// <summary>Leaves requests that are no gRPC to the application's other endpoints.</summary>
    private sealed class GrpcOnly : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is null || HeaderNames.IsGrpc(httpContext.Request.ContentType);
    }
}
