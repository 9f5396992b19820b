// What the viewer uses of three.js; nothing else goes into three.min.js.
export {
  AmbientLight, BoxGeometry, BufferAttribute, BufferGeometry, CanvasTexture, CircleGeometry, Color, ConeGeometry,
  CylinderGeometry, DirectionalLight, DoubleSide, EdgesGeometry, Euler, Float32BufferAttribute, Group, LatheGeometry,
  Line, LineBasicMaterial, LineDashedMaterial, LineLoop, LineSegments, Matrix4, Mesh, MeshBasicMaterial,
  MeshLambertMaterial, MeshStandardMaterial, Object3D, PerspectiveCamera, PlaneGeometry, Points, PointsMaterial,
  Quaternion, RingGeometry, Scene, ShaderMaterial, SphereGeometry, Sprite, SpriteMaterial, SRGBColorSpace,
  TorusGeometry, Vector2, Vector3, WebGLRenderer,
} from "three";
