using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>The two services every probe and tool knows.</summary>
public sealed class HealthAndReflectionTests : IAsyncLifetime
{
    private readonly HealthServiceImpl health = new();
    private GrpcHost? host;
    private GrpcChannel channel = null!;

    public async ValueTask InitializeAsync()
    {
        host = await GrpcHost.StartAsync<TestServiceImpl>(
            services: services =>
            {
                services.AddSingleton(health);
                services.AddGrpcHealthChecks();
                services.AddGrpcReflection();
            },
            map: app =>
            {
                app.MapGrpcHealthChecksService();
                app.MapGrpcReflectionService();
            });
        channel = GrpcChannel.ForAddress(host.Address);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await host!.DisposeAsync();
    }

    [Fact]
    public async Task Check_answers_the_state_that_was_set()
    {
        var client = new Health.HealthClient(channel);
        health.SetStatus("a.b", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(new HealthCheckRequest { Service = "a.b" })).Status);
        await InteropCases.FailsAsync(StatusCode.NotFound, client.CheckAsync(new HealthCheckRequest { Service = "c" }).ResponseAsync);
    }

    [Fact]
    public async Task Watch_tells_each_change()
    {
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = "late" });
        var seen = new List<ServingStatus>();
        foreach (var next in new[] { ServingStatus.Serving, ServingStatus.NotServing })
        {
            Assert.True(await watch.ResponseStream.MoveNext());
            seen.Add(watch.ResponseStream.Current.Status);
            health.SetStatus("late", next);
        }

        Assert.True(await watch.ResponseStream.MoveNext());
        seen.Add(watch.ResponseStream.Current.Status);
        Assert.Equal([ServingStatus.ServiceUnknown, ServingStatus.Serving, ServingStatus.NotServing], seen);
    }

    [Fact]
    public async Task Reflection_lists_the_services_and_gives_their_files()
    {
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        var list = await AskAsync(call, new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "grpc.testing.TestService"],
            list.ListServicesResponse.Service.Select(service => service.Name));

        var found = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "grpc.testing.TestService.UnaryCall" });
        var file = FileDescriptorProto.Parser.ParseFrom(found.FileDescriptorResponse.FileDescriptorProto.Single());
        Assert.Contains(file.Service, service => service.Name == "TestService");

        var missing = await AskAsync(call, new ServerReflectionRequest { FileByFilename = "none.proto" });
        Assert.Equal((int)StatusCode.NotFound, missing.ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task Reflection_also_answers_under_its_older_name()
    {
        using var call = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new Grpc.Reflection.V1Alpha.ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(4, call.ResponseStream.Current.ListServicesResponse.Service.Count);
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext());
        return call.ResponseStream.Current;
    }
}
