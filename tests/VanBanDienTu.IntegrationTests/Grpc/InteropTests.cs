namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>The gRPC project's standard cases, both ways, against grpcio (Python) and grpc-js (Node).</summary>
public sealed class InteropTests(InteropFixture interop) : IClassFixture<InteropFixture>
{
    public static TheoryData<string, string> Cases { get; } = new(
        new[] { "grpcio", "grpc-js" }.SelectMany(peer => InteropCases.Names.Select(name => (peer, name))));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Our_client_passes_against_their_server(string peer, string name) =>
        InteropCases.RunAsync(name, interop.ServerOf(peer)).WaitAsync(TestKit.Patience.Longest);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Their_client_passes_against_our_server(string peer, string name) => interop.ClientOf(peer).RunAsync(name);
}
