using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Three endpoints on one Kestrel: ours, a bare one, and one that answers any call from a ready buffer.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    public const string UnaryPath = "/bench.Echo/Unary";
    public const string BarePath = "/bare";
    public const string CannedPath = "/bench.Canned/Unary";

    private readonly WebApplication app;

    private BenchServer(WebApplication app)
    {
        this.app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>One message of 100 bytes.</summary>
    public static BytesValue Message { get; } = new() { Value = ByteString.CopyFrom(new byte[98]) };

    /// <summary>The message as it travels: flag, length, 100 bytes.</summary>
    public static byte[] Frame { get; } = [0, 0, 0, 0, 100, .. Message.ToByteArray()];

    public Uri Address { get; }

    public static async Task<BenchServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.Interceptors.Add<PassingOn>());
        builder.Services.AddSingleton<EchoService>();
        var built = builder.Build();
        built.Use((http, next) => http.Request.Path.Value switch
        {
            BarePath => AnswerAsync(http, trailers: false),
            CannedPath => AnswerAsync(http, trailers: true),
            _ => next(http),
        });
        built.UseRouting();
        built.MapGrpcService<EchoService>();
        await built.StartAsync();
        return new BenchServer(built);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Reads the body to its end and answers with as many bytes as a call has.</summary>
    private static async Task AnswerAsync(HttpContext http, bool trailers)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }

        http.Response.ContentType = "application/grpc";
        http.Response.BodyWriter.Write(Frame);
        if (trailers)
            http.Response.AppendTrailer("grpc-status", "0");
    }

    private sealed class PassingOn : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) => continuation(request, context);
    }
}

/// <summary>Answers with the request; bound by hand as generated code would.</summary>
[BindServiceMethod(typeof(EchoService), nameof(BindService))]
internal sealed class EchoService
{
    public static readonly Method<BytesValue, BytesValue> UnaryMethod = MethodOf("bench.Echo");
    public static readonly Method<BytesValue, BytesValue> CannedMethod = MethodOf("bench.Canned");

    public static void BindService(ServiceBinderBase binder, EchoService? service) =>
        binder.AddMethod(UnaryMethod, service is null ? null : new UnaryServerMethod<BytesValue, BytesValue>(service.Unary));

    public Task<BytesValue> Unary(BytesValue request, ServerCallContext context) => Task.FromResult(request);

    private static Method<BytesValue, BytesValue> MethodOf(string service)
    {
        var marshaller = Marshallers.Create<BytesValue>(
            (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => BytesValue.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
        return new Method<BytesValue, BytesValue>(MethodType.Unary, service, "Unary", marshaller, marshaller);
    }
}
